/** Puts text in colours, or leaves it alone (ECMA-48 SGR). */
export interface Paint {
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  /** Dark on light, for what is selected. */
  readonly inverse: (text: string) => string;
}

const colored =
  (parameters: string) =>
  (text: string): string =>
    `\u001b[${parameters}m${text}\u001b[0m`;

const plain = (text: string): string => text;

/** Readable on dark and light ground. */
const colors: Paint = {
  good: colored('32'),
  warning: colored('33'),
  bad: colored('31'),
  faint: colored('90'),
  strong: colored('1'),
  inverse: colored('7'),
};

const none: Paint = { good: plain, warning: plain, bad: plain, faint: plain, strong: plain, inverse: plain };

export const createPaint = (isColored: boolean): Paint => (isColored ? colors : none);
