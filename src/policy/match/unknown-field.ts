import { fixedFieldNames, isJournalFieldName } from '../../event/field-path.ts';
import { nearestName } from '../../platform/nearest-name.ts';

const roots = ['data', 'labels', 'info'] as const;

const remedyFor = (key: string): string => {
  const nearest = nearestName(key, fixedFieldNames);
  if (nearest !== undefined) return `did you mean ${JSON.stringify(nearest)}?`;
  const root = roots.find((candidate) => candidate === key);
  if (root !== undefined) return `write the whole path, as "${root}.name"`;
  const upper = key.toUpperCase();
  if (key.includes('_') && isJournalFieldName(upper)) return `journal fields are upper case: ${JSON.stringify(upper)}`;
  return `use ${fixedFieldNames.join(', ')}, data.*, labels.*, info.* or a journal field in upper case`;
};

/** What to say of a key that names no field of an event. */
export const describeUnknownField = (key: string): string =>
  `${JSON.stringify(key)} names no field of an event; ${remedyFor(key)}`;
