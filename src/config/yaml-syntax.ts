import { isAlias, isMap, isNode, isScalar, Scalar, visit, type Document, type ErrorCode } from 'yaml';
import { findQuoteTrap } from './quote-trap.ts';
import { maskByNames } from './mask.ts';
import type { SourceFile } from './place.ts';
import type { Complaint } from './finding.ts';

/** Said of whatever YAML error; the parser's own words may quote the file, and so a secret. */
const messages: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'a tab indents this line; YAML wants spaces',
  BAD_INDENT: 'this is not indented as what it belongs to',
  BLOCK_AS_IMPLICIT_KEY: 'the line after this is indented deeper than it may be',
  MULTILINE_IMPLICIT_KEY: 'this is not indented as what it belongs to',
  UNEXPECTED_TOKEN: 'this does not belong here',
  MISSING_CHAR: 'a quote, bracket or comma is missing',
  MULTIPLE_DOCS: 'one file is one document: "---" may not begin another',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; single quotes have none',
};

/** Finding an alias' anchor takes a walk through the document. */
const maxAliases = 100;

interface Fault {
  readonly offset: number;
  readonly message: string;
}

const parserFaults = (document: Document.Parsed): readonly Fault[] => {
  const tags = document.warnings.filter((warning) => warning.code === 'TAG_RESOLVE_FAILED');
  return [...document.errors, ...tags].map((error) => ({
    offset: error.pos[0],
    message: messages[error.code] ?? 'this is not YAML',
  }));
};

/** What the parser takes, but nobody meant: `{{..}}` is a map whose key is a map, `*x` an alias of nothing. */
const silentFaults = (document: Document.Parsed, text: string): readonly Fault[] => {
  const faults: Fault[] = [];
  let aliases = 0;
  visit(document, (_key, node) => {
    if (!isNode(node) || !node.range) return undefined;
    const offset = node.range[0];
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > maxAliases) faults.push({ offset, message: `more than ${String(maxAliases)} aliases` });
      else if (node.resolve(document) === undefined)
        faults.push({ offset, message: 'this alias has no anchor before it' });
    }
    if (isMap(node) && text.startsWith('{{', offset)) faults.push({ offset, message: 'a map is no key' });
    if (isScalar(node) && node.type === Scalar.BLOCK_FOLDED && /^>\d/.test(text.slice(offset, offset + 2))) {
      faults.push({ offset, message: 'a block of text with nothing in it' });
    }
    return aliases > maxAliases ? visit.BREAK : undefined;
  });
  return faults;
};

const closers: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' };

/** An unclosed quote or bracket is found at the end of the file, but made where it opens. */
const findUnclosed = (document: Document.Parsed, text: string, offset: number): number | undefined => {
  let start: number | undefined;
  visit(document, (_key, node) => {
    if (!isNode(node) || !node.range) return;
    const [from, to] = node.range;
    const closer = closers[text[from] ?? ''];
    const isClosed = closer === undefined || (to - from > 1 && text[to - 1] === closer);
    if (!isClosed && from < offset && to >= offset) start = from;
  });
  return start;
};

/** The first thing that keeps a file from being read; undefined when it is sound. */
export const findSyntaxFault = (document: Document.Parsed, file: SourceFile): Complaint | undefined => {
  const faults = [...parserFaults(document), ...silentFaults(document, file.text)];
  const [first] = faults.toSorted((one, other) => one.offset - other.offset);
  if (first === undefined) return undefined;
  const trap = findQuoteTrap(file.text, maskByNames(file.text), first.offset);
  if (trap !== undefined) {
    const place = { file, start: trap.start, end: trap.end };
    return { kind: 'syntax', place, path: [], message: trap.message, suggestion: `write   ${trap.corrected}` };
  }
  const start = findUnclosed(document, file.text, first.offset);
  const place = { file, start: start ?? first.offset, end: (start ?? first.offset) + 1 };
  const message = start === undefined ? first.message : `this ${file.text[start] ?? ''} is never closed`;
  return { kind: 'syntax', place, path: [], message };
};
