import { z } from 'zod';
import type { LogEvent } from '../event/event.ts';
import { messageOf } from '../platform/error.ts';
import { compileFieldPath, fixedFieldNames, isJournalFieldName, isOriginPath } from '../event/field-path.ts';

/** A text with `{{field}}` places, filled from an event. */
export interface Template {
  readonly text: string;
  /** The journal fields that it reads, to be asked for from the source. */
  readonly fields: readonly string[];
  /** Whether it reads nothing but what all events of one origin have in common. */
  readonly followsOrigin: boolean;
  /** Empty where the event lacks the field; values other than text as JSON. */
  render(event: LogEvent): string;
}

type Part = (event: LogEvent) => string;

const compileLiteral = (literal: string): Part => {
  if (literal.includes('{{')) throw new TypeError(`"{{" without "}}" in ${JSON.stringify(literal)}`);
  return () => literal;
};

const compilePlace = (path: string): Part => {
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
  // Splitting by a group alternates: literals at even places, paths at odd ones.
  const pieces = text.split(/\{\{(.*?)\}\}/s).map((piece, index) => ({ piece, isPath: index % 2 === 1 }));
  const paths = pieces.filter(({ isPath }) => isPath).map(({ piece }) => piece.trim());
  const parts = pieces
    .filter(({ piece, isPath }) => isPath || piece !== '')
    .map(({ piece, isPath }) => (isPath ? compilePlace(piece.trim()) : compileLiteral(piece)));
  return {
    text,
    fields: [...new Set(paths.filter(isJournalFieldName))],
    followsOrigin: paths.every(isOriginPath),
    render: (event) => {
      let result = '';
      for (const part of parts) result += part(event);
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
