import type { Logger } from '#sdk';

/** A line of the agent's own log. */
export interface LoggedLine {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly message: string;
}

/** A logger that a test reads. */
export const createMemoryLogger = (): { readonly logger: Logger; readonly lines: readonly LoggedLine[] } => {
  const lines: LoggedLine[] = [];
  const at = (level: keyof Logger) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
};
