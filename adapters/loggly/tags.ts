import type { LogEvent, Template } from '#sdk';
import { maxTagLength } from './limits.ts';

/** Loggly's own name for what comes in bulk; a URL without any tag is not documented. */
const fallbackTag = 'bulk';

/** The nearest tag that Loggly takes; '' when nothing of `text` is left. */
export const sanitizeTag = (text: string): string =>
  text
    .slice(0, 4 * maxTagLength)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, maxTagLength)
    .replace(/-+$/, '');

/** An event's tags as they stand in the URL: `billing,prod`. Never empty, and safe there as it is. */
export const renderTags = (templates: readonly Template[], event: LogEvent): string => {
  const tags = new Set(templates.map((template) => sanitizeTag(template.render(event))));
  tags.delete('');
  return tags.size === 0 ? fallbackTag : [...tags].join(',');
};
