import { RE2JS } from 're2js';
import { messageOf } from '../../platform/error.ts';
import type { TextTest } from './glob.ts';

/** The flags that one takes for granted after JavaScript's `/.../gi`; longer endings are file names. */
const written = /^\/(.+)\/([dgimsuvy]{0,2})$/s;

/**
 * Compiles `/pattern/` or `/pattern/i` by RE2's syntax; undefined when `text` is not written so. It fits when it is found
 * anywhere in a text; the time is linear in the text.
 *
 * @throws {TypeError} when the pattern is wrong, saying where.
 */
export const compileRegex = (text: string): TextTest | undefined => {
  const [, pattern = '', flags = ''] = written.exec(text) ?? [];
  if (pattern === '') return undefined;
  if (flags !== '' && flags !== 'i') {
    throw new TypeError(`the only flag of a /regex/ is "i", not ${JSON.stringify(flags)}; for others write (?s), (?m)`);
  }
  try {
    const compiled = RE2JS.compile(pattern, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
    return (subject) => compiled.test(subject);
  } catch (error) {
    const reason = messageOf(error).replace(/^error parsing regexp: /, '');
    throw new TypeError(`wrong /regex/ (RE2 syntax, without look-around and back-references): ${reason}`, {
      cause: error,
    });
  }
};
