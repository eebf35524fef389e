import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import type { NumberedLine } from './numbered-line.ts';

/** What dockerd collects of a line before it passes a piece on (moby, daemon/logger/copier.go). */
const pieceBytes = 16_384;

const containerId = (name: string): string => Buffer.from(name.padEnd(32, '.')).toString('hex');

const fieldsOf = (writer: string): NativeEntry => {
  const [name = '', output] = writer.split(' ');
  const id = containerId(name);
  return {
    PRIORITY: output === 'stderr' ? '3' : '6',
    CONTAINER_ID: id.slice(0, 12),
    CONTAINER_ID_FULL: id,
    CONTAINER_NAME: name,
    CONTAINER_TAG: id.slice(0, 12),
    SYSLOG_IDENTIFIER: id.slice(0, 12),
    IMAGE_NAME: 'registry.example:5000/shop/web:1',
  };
};

/** A line as dockerd's journald driver logs it (moby, daemon/logger/journald/journald.go): in pieces where it is long. */
export const containerEntries = ({ number, writer, bytes }: NumberedLine): readonly NativeEntry[] => {
  const fields = fieldsOf(writer);
  const count = Math.ceil(bytes.length / pieceBytes);
  if (count === 1) return [{ ...fields, MESSAGE: bytes }];
  return Array.from({ length: count }, (_, index) => ({
    ...fields,
    MESSAGE: bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    CONTAINER_PARTIAL_MESSAGE: 'true',
    CONTAINER_PARTIAL_ID: `piece-of-${number}`,
    CONTAINER_PARTIAL_ORDINAL: String(index + 1),
    CONTAINER_PARTIAL_LAST: String(index + 1 === count),
  }));
};
