/** A line of the sample, as journal fields. */
export type SampleLine = Readonly<Record<string, string>>;

const container = (name: string, image: string, id: string, priority: string, message: string): SampleLine => ({
  MESSAGE: message,
  PRIORITY: priority,
  CONTAINER_NAME: name,
  CONTAINER_ID: id,
  CONTAINER_ID_FULL: id.padEnd(64, '0'),
  CONTAINER_TAG: id,
  IMAGE_NAME: image,
  SYSLOG_IDENTIFIER: id,
  _COMM: 'dockerd',
  _SYSTEMD_UNIT: 'docker.service',
  _TRANSPORT: 'journal',
});

const unit = (name: string, identifier: string, priority: string, message: string): SampleLine => ({
  MESSAGE: message,
  PRIORITY: priority,
  SYSLOG_IDENTIFIER: identifier,
  _SYSTEMD_UNIT: name,
  _COMM: identifier,
  _PID: '702',
  _TRANSPORT: 'stdout',
});

const panic = `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.handler(0xc000010250, 0x5)
\t/src/app/main.go:42 +0x1d
main.main()
\t/src/app/main.go:12 +0x85
exit status 2`;

/** What a host's journal may look like: plain, structured, coloured, broken and failing lines of several services. */
export const sampleLines: readonly SampleLine[] = [
  container(
    'shop-web-1',
    'nginx:1.29',
    'a1b2c3d4e5f6',
    '6',
    '10.0.0.7 - - "GET /cart HTTP/1.1" 200 512 "-" "Mozilla/5.0"',
  ),
  container(
    'shop-web-1',
    'nginx:1.29',
    'a1b2c3d4e5f6',
    '3',
    '[error] 29#29: *17 upstream timed out (110: Operation timed out)',
  ),
  container(
    'shop-billing-1',
    'registry.example.com/billing:4.2',
    'b2c3d4e5f6a1',
    '6',
    '{"level":"info","msg":"invoice sent","invoice":"2026-11-0042","amount":19.9,"customer":{"id":7}}',
  ),
  container(
    'shop-billing-1',
    'registry.example.com/billing:4.2',
    'b2c3d4e5f6a1',
    '6',
    '{"level":"ERROR","message":"payment refused","info":{"source":"pay.go:88:charge","errors":[{"type":"*pay.Declined","error":"card declined"}]},"data":{"attempt":3}}',
  ),
  container(
    'shop-worker-1',
    'worker:9',
    'c3d4e5f6a1b2',
    '6',
    '\u001B[32mINFO\u001B[0m job \u001B[1m8812\u001B[0m done in 1.24s',
  ),
  container('shop-worker-1', 'worker:9', 'c3d4e5f6a1b2', '3', panic),
  unit('ssh.service', 'sshd', '6', 'Accepted publickey for deploy from 10.0.0.9 port 51022 ssh2'),
  unit('cron.service', 'CRON', '6', '(root) CMD (test -x /usr/sbin/logrotate)'),
  {
    MESSAGE: 'Out of memory: Killed process 4121 (java)',
    PRIORITY: '3',
    SYSLOG_IDENTIFIER: 'kernel',
    _TRANSPORT: 'kernel',
  },
];
