import { normalizerFields } from '../normalize/normalize.ts';
import { ownLineFields } from '../normalize/own-lines.ts';
import { pieceFields } from '../normalize/piece.ts';

/** The journal fields that every agent looks at; rules, routes, templates and options may name more. */
export const journalFields: readonly string[] = [...new Set([...normalizerFields, ...pieceFields, ...ownLineFields])];
