const absent = '-';

const withDecimals =
  (digits: number) =>
  (value: number | undefined): string =>
    value === undefined
      ? absent
      : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Figures for people; one that is not known is a dash. */
export const formatFigure = {
  absent,
  whole: withDecimals(0),
  decimal: withDecimals(1),
  hundredths: withDecimals(2),
} as const;
