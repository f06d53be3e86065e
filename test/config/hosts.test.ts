import { describe, expect, it } from 'vitest';
import { baseUrlFlaw, isLinkLocalHost, sendsInClearText } from '../../src/config/hosts.ts';

const FLAW = 'has a link-local or cloud metadata address';

describe('a link-local or metadata address', () => {
  it.each([
    'http://169.254.169.254/latest',
    'https://169.254.1.2/v1',
    'http://2852039166/v1',
    'http://0xA9FEA9FE/v1',
    'http://0251.0376.0251.0376/v1',
    'http://0xa9.0376.43518/v1',
    'http://169.254.43518',
    'http://169.254.169.254./v1',
    'http://１６９.２５４.１６９.２５４/v1',
    'http://169%2E254%2E169%2E254/v1',
    'http://[fe80::1]:8080/v1',
    'http://[FEBF::1]/v1',
    'http://[::ffff:169.254.169.254]/v1',
    'http://[::169.254.169.254]/v1',
    'http://[::ffff:0:a9fe:a9fe]/v1',
    'http://[64:ff9b::a9fe:a9fe]/v1',
    'http://[64:ff9b:1::a9fe:a9fe]/v1',
    'http://[2002:a9fe:a9fe::1]/v1',
    'http://[2001:db8::200:5efe:169.254.169.254]/v1',
    'http://[fd00:ec2::254]/v1',
    'http://[fd20:ce::254]/v1',
    'http://168.63.129.16/v1',
    'http://100.100.100.200/v1',
    'http://[::ffff:100.100.100.200]/v1',
    'http://metadata.google.internal/v1',
    'https://Metadata.Google.Internal./v1',
    'http://metadata/v1',
    'http://instance-data.ec2.internal/v1',
    'http://metadata.tencentyun.com/v1',
  ])('is refused as a base URL: %s', (url) => {
    expect(baseUrlFlaw(url)).toBe(FLAW);
  });

  it.each(['http://[fe80::1%25eth0]/v1', 'http://[fe80::1%eth0]/v1'])(
    'is not a URL with a zone: %s',
    (url) => {
      expect(baseUrlFlaw(url)).toBe('is not an http(s) URL');
    },
  );

  it('is recognised in what a name resolves to, zone included', () => {
    for (const address of ['169.254.169.254', 'fe80::1%eth0', '::ffff:169.254.0.1']) {
      expect(isLinkLocalHost(address)).toBe(true);
    }
  });

  it.each([
    'https://api.openai.com/v1',
    'http://localhost:4000/v1',
    'http://10.1.2.3/v1',
    'http://169.253.1.1/v1',
    'http://[fd00::1]/v1',
    'http://[2001:db8:a9fe:a9fe::1]/v1',
    'https://metadata.acme.com/v1',
    'https://litellm.internal/v1',
    'http://168.63.129.17/v1',
  ])('is not %s', (url) => {
    expect(baseUrlFlaw(url)).toBeNull();
  });
});

describe('clear text', () => {
  it.each([
    'http://gateway.example',
    'http://10.1.2.3',
    'http://192.168.0.9',
    'http://[fd00::1]',
    'http://litellm:4000',
    'http://llm.internal',
    'http://172.32.0.1',
    'http://128.0.0.1',
    'http://localhost.example.com',
  ])('is what a key for %s is sent in', (url) => {
    expect(sendsInClearText(new URL(url))).toBe(true);
  });

  it.each([
    'https://gateway.example',
    'http://localhost:4000',
    'http://LOCALHOST.:4000',
    'http://gateway.localhost',
    'http://127.0.0.1',
    'http://2130706433',
    'http://127.8.9.1',
    'http://[::1]:80',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0:80',
  ])('does not matter for %s', (url) => {
    expect(sendsInClearText(new URL(url))).toBe(false);
  });
});
