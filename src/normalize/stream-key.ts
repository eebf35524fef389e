import { CommonFacts } from '../event/common-facts.ts';
import type { RecordFields } from '../event/record.ts';
import { isContainerLine } from './trusted-writer.ts';

const neverCut = '';

const streamKeys = new CommonFacts((fields) => {
  const stream = fields.get('_STREAM_ID');
  if (stream !== undefined) return `stdout ${stream}`;
  if (!isContainerLine(fields)) return neverCut;
  const container = fields.get('CONTAINER_ID_FULL') ?? fields.get('CONTAINER_ID') ?? fields.get('CONTAINER_NAME');
  // Docker tells stdout (6) and stderr (3) apart by nothing else.
  return `container ${container} ${fields.get('PRIORITY') ?? ''}`;
});

/**
 * Names the stream of bytes that a record's line was cut from: stdout or stderr of a container, or a service's stdout.
 * Follows from the record alone, so that it means the same after a restart. Undefined for lines that are never cut.
 */
export const streamKeyOf = ({ fields }: { readonly fields: RecordFields }): string | undefined => {
  const key = streamKeys.of(fields);
  return key === neverCut ? undefined : key;
};
