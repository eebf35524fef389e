const maxQuoteLength = 200;

/** The ways in which a secret shows up in a page that echoes the request: as it is, in a URL, as basic credentials. */
const disguisesOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  Buffer.from(`${secret}:`).toString('base64'),
];

/**
 * A service's own words, fit for a reason that people read: one line of at most 200 characters, without control
 * characters and without any of `secrets`.
 */
export const quote = (text: string, secrets: readonly string[]): string => {
  const disguises = secrets.filter((secret) => secret !== '').flatMap(disguisesOf);
  const safe = disguises.reduce((clean, disguise) => clean.replaceAll(disguise, '[secret]'), text);
  const line = safe
    .slice(0, 4 * maxQuoteLength)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length <= maxQuoteLength ? line : `${line.slice(0, maxQuoteLength).toWellFormed()}...`;
};
