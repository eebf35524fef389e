import { describe, expect, test } from '@jest/globals';
import { eventOf } from '../../test/support/events.ts';
import type { EventInfo } from '../event/event.ts';
import { originText } from './origin-text.ts';
import { compileTemplate } from './template.ts';

const info: EventInfo = { host: 'host-1', labels: { team: 'red' } };

/** A text of a template, and how often it was made. */
const textOf = (text: string) => {
  const template = compileTemplate(text);
  const made = { times: 0 };
  const make = originText([template], (event) => {
    made.times += 1;
    return template.render(event);
  });
  return { make, made };
};

describe('a text of an event', () => {
  test('is made once for all events of one origin where it follows from that alone', () => {
    const { make, made } = textOf('{{service}}/{{stream}}/{{host}}/{{labels.team}}');
    const texts = [1, 2, 3].map((number) =>
      make(eventOf({ service: 'shop', stream: 'a', info, raw: `line ${number}` })),
    );
    expect(texts).toEqual(Array(3).fill('shop/a/host-1/red'));
    expect(made.times).toBe(1);
  });

  test('is that of its own service and stream, whatever events share', () => {
    const { make } = textOf('{{service}}/{{stream}}');
    const texts = ['a', 'b', 'a'].map((stream) => make(eventOf({ service: `of ${stream}`, stream, info })));
    expect(texts).toEqual(['of a/a', 'of b/b', 'of a/a']);
  });

  test.each(['{{level}}', '{{message}}', '{{id}}', '{{data.user}}', '{{info.source}}', '{{SYSLOG_FACILITY}}'])(
    'is made anew for each where it depends on %s',
    (place) => {
      const { make, made } = textOf(`{{service}} ${place}`);
      for (let times = 0; times < 2; times += 1) make(eventOf({ info }));
      expect(made.times).toBe(2);
    },
  );
});
