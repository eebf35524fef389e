import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import type { ConfigNode, KeyPath, MapEntry, MapNode, ScalarNode } from './config-node.ts';
import { nameInQuotes, type Complaint } from './finding.ts';
import { describePlace, textAt, type Place, type SourceFile } from './place.ts';
import { findSyntaxFault } from './yaml-syntax.ts';

/** Aliases repeat what they name: these bounds stop an alias bomb and a ladder of brackets. */
const maxNodes = 100_000;
const maxDepth = 64;

export interface ParsedFile {
  /** Undefined when the file is empty or unreadable. */
  readonly root: MapNode | undefined;
  /** True when it is no YAML, or no map. */
  readonly unreadable: boolean;
  readonly complaints: readonly Complaint[];
}

class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const scalarNode = (node: unknown, place: Place): ScalarNode => {
  const value = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return { kind: 'scalar', place, value, text: value };
  const text = isScalar(node) ? textAt(place) : '';
  const typed = typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', place, value: typed, text };
};

/** Turns one document into nodes that know their places. */
class Converter {
  readonly complaints: Complaint[] = [];
  readonly #document: Document.Parsed;
  readonly #file: SourceFile;
  #nodes = 0;

  constructor(document: Document.Parsed, file: SourceFile) {
    this.#document = document;
    this.#file = file;
  }

  /** @throws {TooLargeError} when a bound is passed. */
  convert(node: unknown, path: KeyPath, parent: Place): ConfigNode {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || path.length > maxDepth) throw new TooLargeError();
    if (isAlias(node)) return this.convert(node.resolve(this.#document), path, parent);
    const place = this.#placeOf(node, parent);
    if (isMap(node)) return this.#convertMap(node, path, place);
    if (!isSeq(node)) return scalarNode(node, place);
    const items = node.items.map((item, index) => this.convert(item, [...path, index], place));
    return { kind: 'list', place, items };
  }

  #placeOf(node: unknown, parent: Place): Place {
    const range = isNode(node) ? node.range : undefined;
    return range ? { file: this.#file, start: range[0], end: range[1] } : parent;
  }

  #convertMap(node: YAMLMap, path: KeyPath, place: Place): MapNode {
    const entries = new Map<string, MapEntry>();
    for (const { key: keyNode, value } of node.items) {
      const keyPlace = this.#placeOf(keyNode, place);
      const key = scalarNode(keyNode, keyPlace).text;
      const isSound = this.#checkKey(key, isScalar(keyNode), keyPlace, path, entries.get(key));
      if (isSound) entries.set(key, { keyPlace, value: this.convert(value, [...path, key], keyPlace) });
    }
    return { kind: 'map', place, entries };
  }

  #checkKey(key: string, isText: boolean, place: Place, path: KeyPath, earlier: MapEntry | undefined): boolean {
    const message =
      !isText || key === '__proto__'
        ? 'this can be no key'
        : earlier && `${nameInQuotes(key)} is here twice; first at ${describePlace(earlier.keyPlace)}`;
    if (message !== undefined) this.complaints.push({ kind: 'schema', place, path: [...path, key], message });
    return message === undefined;
  }
}

const unreadable = (complaint: Complaint): ParsedFile => ({
  root: undefined,
  unreadable: true,
  complaints: [complaint],
});

const configurationShape = 'a configuration is a map: "sources:", "destinations:", "routes:" and so on';

const convertDocument = (document: Document.Parsed, file: SourceFile, shape: string): ParsedFile => {
  const converter = new Converter(document, file);
  const whole = { file, start: 0, end: 1 };
  const root = converter.convert(document.contents, [], whole);
  if (root.kind === 'map') return { root, unreadable: false, complaints: converter.complaints };
  if (root.kind === 'scalar' && root.value === null) return { root: undefined, unreadable: false, complaints: [] };
  return unreadable({ kind: 'schema', place: root.place, path: [], message: shape });
};

/**
 * Reads one file; of its syntax errors only the first is told, for it breeds the others.
 *
 * @param shape what to say of a file that is no map.
 */
export const parseYaml = (file: SourceFile, shape = configurationShape): ParsedFile => {
  const whole = { file, start: 0, end: 1 };
  try {
    const document = parseDocument(file.text, { prettyErrors: false, uniqueKeys: false });
    const fault = findSyntaxFault(document, file);
    return fault === undefined ? convertDocument(document, file, shape) : unreadable(fault);
  } catch (error) {
    // The parser recurses and has no bound of its own: brackets in thousands end in a RangeError.
    if (!(error instanceof TooLargeError || error instanceof RangeError)) throw error;
    const message = `this holds too much: more than ${String(maxNodes)} values, or more than ${String(maxDepth)} levels`;
    return unreadable({ kind: 'syntax', place: whole, path: [], message });
  }
};
