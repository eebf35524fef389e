import { describe, expect, test } from '@jest/globals';
import { startHealthAsker } from './health-asker.ts';
import { servePage } from './serve-page.ts';

const lateByMs = 100;

/** Answers the third question late; resolves when others came meanwhile. */
const serveLate = async () => {
  const asked = Promise.withResolvers<void>();
  let questions = 0;
  const page = await servePage((_request, response) => {
    questions += 1;
    if (questions === 5) asked.resolve();
    if (questions === 3) setTimeout(() => response.end(), lateByMs);
    else response.end();
  });
  return { ...page, askedOn: asked.promise };
};

describe('who asks a health page', () => {
  test('asks on while an answer is late, and waits for it in the end', async () => {
    const [page, idle] = [await serveLate(), await servePage()];
    const asker = await startHealthAsker(idle.url);
    asker.begin(page.url);
    await page.askedOn;
    const [{ answers, maxMs }, control] = await asker.result();
    expect(answers).toBeGreaterThanOrEqual(5);
    expect(maxMs).toBeGreaterThanOrEqual(lateByMs - 1);
    expect(control.answers).toBe(answers);
    asker.close();
    page.server.close();
    idle.server.close();
  });
});
