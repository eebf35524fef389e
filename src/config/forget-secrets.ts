import { Secret } from '#sdk';

/** Lets all secrets in some options be read anew from where they come, the next time that one is used. */
export const forgetSecrets = (options: unknown): void => {
  if (options instanceof Secret) options.forget();
  else if (typeof options === 'object' && options !== null) Object.values(options).forEach(forgetSecrets);
};
