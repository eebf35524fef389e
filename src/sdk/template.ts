import { z } from 'zod';
import type { LogEvent } from '../event/event.ts';
import { messageOf } from '../platform/error.ts';
import { compileFieldPath, fixedFieldNames } from '../event/field-path.ts';

/** A text with `{{field}}` places, filled from an event. */
export interface Template {
  readonly text: string;
  /** Empty where the event lacks the field; values other than text as JSON. */
  render(event: LogEvent): string;
}

type Part = string | ((event: LogEvent) => string);

const compilePlace = (expression: string): Part | string => {
  const path = expression.trim();
  const read = compileFieldPath(path);
  if (read === undefined) {
    throw new TypeError(
      `{{${path}}} names no field; use ${fixedFieldNames.join(', ')}, data.*, info.*, labels.* or a journal field in upper case`,
    );
  }
  return (event) => {
    const value = read(event);
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
};

/**
 * Compiles a template once, so that rendering costs no parsing.
 *
 * @throws {TypeError} for an unknown field or an unclosed `{{`, saying which.
 */
export const compileTemplate = (text: string): Template => {
  const parts: Part[] = [];
  let rest = text;
  for (let open = rest.indexOf('{{'); open !== -1; open = rest.indexOf('{{')) {
    const close = rest.indexOf('}}', open);
    if (close === -1) throw new TypeError(`"{{" without "}}" in ${JSON.stringify(text)}`);
    parts.push(rest.slice(0, open), compilePlace(rest.slice(open + 2, close)));
    rest = rest.slice(close + 2);
  }
  parts.push(rest);
  const used = parts.filter((part) => part !== '');
  return {
    text,
    render: (event) => {
      let result = '';
      for (const part of used) result += typeof part === 'string' ? part : part(event);
      return result;
    },
  };
};

/** An option that is a template. */
export const template = () =>
  z
    .string()
    .transform((text, context) => {
      try {
        return compileTemplate(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: messageOf(error) });
        return z.NEVER;
      }
    })
    .meta({ type: 'string', template: true, description: 'text with {{fields}} of the event' });
