import type { Level } from '#sdk';

/** ECMA-48 SGR parameters. */
const levelColors: Readonly<Record<Level, string>> = {
  EMERG: '1;31',
  ALERT: '1;31',
  CRIT: '1;31',
  ERROR: '31',
  WARN: '33',
  NOTICE: '36',
  INFO: '32',
  DEBUG: '90',
};

/** Readable on dark and light ground; red and yellow are for levels. */
const serviceColors = ['36', '35', '34', '32', '96', '95', '94', '92'] as const;

/** Puts text in colours, or leaves it alone. */
export interface Palette {
  level(level: Level, text: string): string;
  /** The same service has the same colour, in every run. */
  service(service: string, text: string): string;
  faint(text: string): string;
}

const paint = (color: string, text: string): string => `\u001b[${color}m${text}\u001b[0m`;

/** FNV-1a, 32 bit. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};

const colored: Palette = {
  level: (level, text) => paint(levelColors[level], text),
  service: (service, text) => paint(serviceColors[hashOf(service) % serviceColors.length] ?? '0', text),
  faint: (text) => paint('90', text),
};

const plain: Palette = {
  level: (_, text) => text,
  service: (_, text) => text,
  faint: (text) => text,
};

export const createPalette = (isColored: boolean): Palette => (isColored ? colored : plain);
