import type { Template } from '../sdk/template.ts';

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' && value !== null && 'render' in value && 'fields' in value;

/** Journal fields that the templates in an adapter's options name. */
export const templateFields = (options: unknown): readonly string[] => {
  if (isTemplate(options)) return options.fields;
  if (typeof options !== 'object' || options === null) return [];
  return Object.values(options).flatMap((value) => templateFields(value));
};
