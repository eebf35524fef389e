/** Offsets and flags of JOURNAL_FILE_FORMAT.md. */
const incompatibleFlags = 12;
const headerSize = 88;
const tailObject = 136;
const flags = { lz4: 2, compact: 16 };
const dataObject = 1;
const objectFlagLz4 = 2;
const smallestPayload = 512;

/** Lengths from 15 on go on in bytes of 255. */
const lengthBytes = (length: number): readonly number[] =>
  length < 15 ? [] : [...Array.from({ length: Math.floor((length - 15) / 255) }, () => 255), (length - 15) % 255];

const sequence = (literals: Buffer, distance: number, match: number): Buffer =>
  Buffer.concat([
    Buffer.from([(Math.min(15, literals.length) << 4) | (match === 0 ? 0 : Math.min(15, match - 4))]),
    Buffer.from(lengthBytes(literals.length)),
    literals,
    Buffer.from(match === 0 ? [] : [distance & 255, distance >> 8, ...lengthBytes(match - 4)]),
  ]);

/** The simplest LZ4 compression there is: what repeats what was seen last with the same four bytes. */
export const compressBlock = (data: Buffer): Buffer => {
  const seen = new Map<number, number>();
  const parts: Buffer[] = [];
  let from = 0;
  // The last five bytes are always literals, and no match begins in the last twelve (lz4_Block_format.md).
  for (let at = 0; at < data.length - 12;) {
    const key = data.readUInt32LE(at);
    const before = seen.get(key);
    seen.set(key, at);
    if (before === undefined || at - before > 65_535) {
      at += 1;
      continue;
    }
    let match = 4;
    while (at + match < data.length - 5 && data[before + match] === data[at + match]) match += 1;
    parts.push(sequence(data.subarray(from, at), at - before, match));
    at += match;
    from = at;
  }
  return Buffer.concat([...parts, sequence(data.subarray(from), 0, 0)]);
};

/** Compresses the larger values of a journal file in place, as systemd does that is built to use LZ4. */
export const compressWithLz4 = (original: Buffer): { readonly bytes: Buffer; readonly compressed: number } => {
  const bytes = Buffer.from(original);
  const payloadAt = (bytes.readUInt32LE(incompatibleFlags) & flags.compact) === 0 ? 64 : 72;
  let compressed = 0;
  const end = Number(bytes.readBigUInt64LE(tailObject));
  for (let at = Number(bytes.readBigUInt64LE(headerSize)); at <= end;) {
    const size = Number(bytes.readBigUInt64LE(at + 8));
    const payload = Buffer.from(bytes.subarray(at + payloadAt, at + size));
    if (bytes[at] === dataObject && payload.length >= smallestPayload) {
      const block = compressBlock(payload);
      if (block.length + 8 < payload.length) {
        bytes.writeBigUInt64LE(BigInt(payload.length), at + payloadAt);
        block.copy(bytes, at + payloadAt + 8);
        bytes.writeBigUInt64LE(BigInt(payloadAt + 8 + block.length), at + 8);
        bytes[at + 1] = objectFlagLz4;
        compressed += 1;
      }
    }
    at += Math.ceil(size / 8) * 8;
  }
  bytes.writeUInt32LE(bytes.readUInt32LE(incompatibleFlags) | flags.lz4, incompatibleFlags);
  return { bytes, compressed };
};
