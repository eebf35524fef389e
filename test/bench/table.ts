/** Figures of one case, for people. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly conclusion?: string;
}

/** A table in Markdown, aligned for terminals: the first column to the left, figures to the right. */
export const renderTable = ({ title, header, rows, conclusion }: Table): string => {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const lines = [header.map(pad), rule, ...rows.map((row) => row.map(pad))].map((cells) => `| ${cells.join(' | ')} |`);
  return [`**${title}**`, '', ...lines, ...(conclusion === undefined ? [] : ['', conclusion]), ''].join('\n');
};
