/**
 * The environment in which neither the AWS SDK nor the adapter finds anything of this machine: no configuration, no
 * metadata service, only keys that mean nothing.
 */
export const awsTestEnvironment: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
};

const clearAws = () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
};

/** Replaces all of AWS's variables in this process by {@link awsTestEnvironment} and `more`; undoes that when called. */
export const isolateAws = (more: Readonly<Record<string, string>> = {}): (() => void) => {
  const before = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  clearAws();
  Object.assign(process.env, awsTestEnvironment, more);
  return () => {
    clearAws();
    Object.assign(process.env, Object.fromEntries(before));
  };
};
