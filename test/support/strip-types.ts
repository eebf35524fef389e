import { stripTypeScriptTypes } from 'node:module';

/** Jest transform that erases types exactly as `node src/main.ts` does; columns and lines stay put, so no source maps. */
export default {
  process: (source: string) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
