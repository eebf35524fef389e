import { describe, expect, test } from '@jest/globals';
import { testVocabulary } from '../../test/support/config-vocabulary.ts';
import { renderReference } from './reference.ts';

const reference = renderReference(testVocabulary.adapters, testVocabulary.sources);

describe('the reference', () => {
  test('has a section for everything that can be configured', () => {
    expect(reference.match(/^### .*$/gm)).toEqual([
      '### Top level',
      '### `sources.journald`',
      '### Every destination',
      '### Destinations of type `parcel`',
      '### Destinations of type `shredder`',
      '### Items of `rules`',
      '### Items of `routes`',
    ]);
  });

  test('tells type, default and meaning of every option of an adapter', () => {
    expect(reference.split('### Destinations of type `parcel`')[1]?.split('###')[0]).toBe(`

Parcels, for tests.

| option | type | default | what it is |
|---|---|---|---|
| \`token\` | secret | required | who sends |
| \`label\` | template | \`{{service}}\` | what is on the parcel |
| \`retention\` | duration |  | how long it is kept |
| \`largest\` | size | \`1MiB\` | the largest parcel |
| \`fragile\` | \`true\` or \`false\` | \`false\` | carry with care |
| \`copies\` | whole number | \`1\` | how many are sent |
| \`weight\` | number |  | in kilograms |
| \`speed\` | \`slow\`, \`fast\` | \`slow\` | how fast it travels |
| \`depot\` | URL |  | where it is sorted |
| \`tags\` | list of text | \`[]\` | words on it |
| \`address.street\` | text |  | and number |
| \`address.town\` | text |  | of the street |

`);
  });

  test('says so when an adapter has no options', () => {
    expect(reference).toContain('Nothing is left, for tests.\n\nNo options of its own.');
  });

  test('tells options inside of options by their path', () => {
    expect(reference).toMatch(/^\| `batch\.max_age` \| duration \| /m);
    expect(reference).toMatch(/^\| `admin\.listen` \| text or `false` \| `127\.0\.0\.1:9797` \| /m);
  });
});
