import { type EventInfo, isSharedInfo, type LogEvent } from '../event/event.ts';
import type { Template } from './template.ts';

interface Known {
  readonly service: string;
  readonly stream: string;
  readonly text: string;
}

/**
 * Makes a text of an event, as a batch key is, only once for all events of one origin where that is all that `templates`
 * read.
 *
 * @param templates what `make` depends on.
 */
export const originText = (
  templates: readonly Template[],
  make: (event: LogEvent) => string,
): ((event: LogEvent) => string) => {
  if (!templates.every(({ followsOrigin }) => followsOrigin)) return make;
  const texts = new WeakMap<EventInfo, Known>();
  return (event) => {
    const { service, stream, info } = event;
    const known = texts.get(info);
    if (known?.service === service && known.stream === stream) return known.text;
    const text = make(event);
    if (isSharedInfo(info)) texts.set(info, { service, stream, text });
    return text;
  };
};
