import type { Template } from '../sdk/template.ts';

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' && value !== null && 'render' in value && 'fields' in value;

/** The templates in an adapter's options. */
export const templatesIn = (options: unknown): readonly Template[] => {
  if (isTemplate(options)) return [options];
  if (typeof options !== 'object' || options === null) return [];
  return Object.values(options).flatMap((value) => templatesIn(value));
};

/** Journal fields that the templates in an adapter's options name. */
export const templateFields = (options: unknown): readonly string[] =>
  templatesIn(options).flatMap(({ fields }) => fields);
