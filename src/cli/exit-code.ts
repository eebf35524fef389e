/** Exit codes by the convention of sysexits.h; `configuration` keeps systemd from restarting. */
export const exitCode = {
  ok: 0,
  general: 1,
  usage: 2,
  unavailable: 69,
  inputOutput: 74,
  permission: 77,
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
