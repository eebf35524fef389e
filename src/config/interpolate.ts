import type { ConfigNode, KeyPath, MapEntry, ScalarNode } from './config-node.ts';
import type { Complaint } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Filled {
  readonly text: string;
  readonly variables: readonly string[];
  readonly problem: string | undefined;
}

/** `${NAME}` or `${NAME:-default}`; a default may hold templates, with their own braces. */
const variable = String.raw`\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:\{\{[^{}]{0,256}\}\}|[^}])*))?\}`;
const place = new RegExp(String.raw`\$\$|${variable}`, 'g');
const whole = new RegExp(`^${variable}$`);
const malformed = /\$\{/;

/** True when a text has a `${` that {@link fill} would leave standing. */
const isMalformed = (text: string): boolean => malformed.test(text.replaceAll(place, ''));

/** Fills `${NAME}` and `${NAME:-default}` and turns `$$` into `$`. As in a shell, `:-` counts empty as not set. */
export const fill = (text: string, environment: Environment): Filled => {
  const variables: string[] = [];
  const problems: string[] = [];
  const filled = text.replaceAll(place, (found: string, name?: string, fallback?: string) => {
    if (name === undefined) return '$';
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined || (value === '' && whole.test(text))) {
      if (fallback === undefined) problems.push(`${name} is ${value === '' ? 'empty' : 'not set'}`);
      return fallback ?? found;
    }
    if (value === '' && fallback !== undefined) return fallback;
    variables.push(name);
    return value;
  });
  return { text: filled, variables, problem: problems[0] };
};

/** YAML 1.2 core schema (section 10.3.2), for scalars alone: whatever else a text holds, it stays text. */
export const typedScalar = (text: string): ScalarNode['value'] => {
  if (/^(?:null|Null|NULL|~|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  const isNumber = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$|^0o[0-7]+$|^0x[\da-fA-F]+$/.test(text);
  return isNumber ? Number(text) : text;
};

/** Fills one scalar. Alone in its value, a `${...}` takes the type that YAML would give to what it becomes. */
const interpolateScalar = (node: ScalarNode, environment: Environment): ScalarNode => {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  const { text, variables, problem } = fill(node.value, environment);
  const value = whole.test(node.value) && problem === undefined ? typedScalar(text) : text;
  return { ...node, value, text, interpolation: { variables, problem } };
};

const complaintOf = (node: ScalarNode, path: KeyPath): Complaint | undefined => {
  if (typeof node.value !== 'string' || !isMalformed(node.value)) return undefined;
  return {
    kind: 'schema',
    place: node.place,
    path,
    message: 'expected ${NAME} or ${NAME:-default}',
    suggestion: 'for the characters "${" themselves write "$${"',
  };
};

/** Fills every scalar value of a tree; keys and structure stay as they are. */
export const interpolate = (
  node: ConfigNode,
  environment: Environment,
  complain: (complaint: Complaint) => void,
  path: KeyPath = [],
): ConfigNode => {
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => interpolate(item, environment, complain, [...path, index]));
    return { ...node, items };
  }
  if (node.kind === 'map') {
    const entries = new Map<string, MapEntry>();
    for (const [key, { keyPlace, value }] of node.entries) {
      entries.set(key, { keyPlace, value: interpolate(value, environment, complain, [...path, key]) });
    }
    return { ...node, entries };
  }
  const complaint = complaintOf(node, path);
  if (complaint !== undefined) complain(complaint);
  return interpolateScalar(node, environment);
};
