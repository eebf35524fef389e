import { relative, resolve, sep } from 'node:path';
import { compileTemplate, type LogEvent, type Template } from '#sdk';
import { parseRotatedName, safeFileName } from './file-name.ts';

/** A path with `{{fields}}`, each of which can only ever fill (a part of) one name in it. */
export interface PathTemplate extends Template {
  /** The folder that all rendered paths lie under. */
  readonly base: string;
  /** How many folders below `base` a file may lie. */
  readonly depth: number;
  /** Absolute. Always under `base`, whatever the event says. */
  render(event: LogEvent): string;
  /** True for paths that could have been rendered, and for their rotated files. */
  covers(path: string): boolean;
}

interface Segment {
  readonly template: Template;
  readonly isFixed: boolean;
  /** The fixed text after the last place. */
  readonly ending: string;
  readonly pattern: string;
}

const place = /\{\{.*?\}\}/;
/** A slash inside of `{{...}}` separates nothing. */
const separator = /\/(?![^{]*\}\})/;

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

const compileSegment = (text: string): Segment => {
  const fixed = text.split(place);
  return {
    template: compileTemplate(text),
    isFixed: fixed.length === 1,
    ending: fixed.at(-1) ?? '',
    pattern: fixed.map((part) => escapePattern(part)).join('[^/]*'),
  };
};

const renderSegment = ({ template, isFixed, ending }: Segment, event: LogEvent): string =>
  isFixed ? template.text : safeFileName(template.render(event), ending);

/**
 * Splits a path into the folder that is fixed and the names that depend on the event.
 *
 * @throws {TypeError} for an unknown field, a path that names a folder, or `..` after a field.
 */
export const compilePath = (text: string): PathTemplate => {
  const names = text.split(separator);
  const firstPlace = names.findIndex((name) => place.test(name));
  const fixedCount = firstPlace === -1 ? names.length - 1 : firstPlace;
  const segments = names
    .slice(fixedCount)
    .filter((name) => name !== '' && name !== '.')
    .map(compileSegment);
  const last = names.at(-1) ?? '';
  if (last === '' || last === '.') throw new TypeError(`${JSON.stringify(text)} is a folder; name a file in it`);
  if (names.slice(fixedCount).includes('..')) throw new TypeError(`".." may stand only before the first {{field}}`);
  const base = resolve(names.slice(0, fixedCount).join('/') || (text.startsWith('/') ? '/' : '.'));
  // Not `join`: rendered names hold nothing to normalize, and every event passes here.
  const root = base === '/' ? '' : base;
  const pattern = new RegExp(`^${segments.map((segment) => segment.pattern).join('/')}$`, 's');
  return {
    text,
    fields: [...new Set(segments.flatMap((segment) => segment.template.fields))],
    followsOrigin: segments.every(({ template }) => template.followsOrigin),
    base,
    depth: segments.length - 1,
    render: (event) => segments.reduce((path, segment) => `${path}/${renderSegment(segment, event)}`, root),
    covers: (path) => {
      const inside = relative(base, path).split(sep);
      const name = inside.pop() ?? '';
      const original = parseRotatedName(name)?.base ?? name;
      return pattern.test([...inside, original].join('/')) && !inside.includes('..');
    },
  };
};
