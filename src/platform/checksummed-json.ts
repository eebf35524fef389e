import { createHash } from 'node:crypto';

const checksumOf = (body: string): string => `sha256:${createHash('sha256').update(body).digest('hex')}`;

/**
 * One line of JSON: `{"format":1,"checksum":"sha256:...","<name>":...}`. The checksum is over the text of the last member.
 */
export const formatChecksummed = (format: number, name: string, content: unknown): string => {
  const body = JSON.stringify(content);
  return `{"format":${format},"checksum":"${checksumOf(body)}",${JSON.stringify(name)}:${body}}\n`;
};

/** Whether the text is whole, as {@link formatChecksummed} wrote it under this name. */
export const isWhole = (text: string, name: string, checksum: string): boolean => {
  const bodyStart = `,${JSON.stringify(name)}:`;
  const body = text.slice(text.indexOf(bodyStart) + bodyStart.length, text.lastIndexOf('}'));
  return checksumOf(body) === checksum;
};
