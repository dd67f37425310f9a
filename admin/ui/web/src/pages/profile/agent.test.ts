import { expect, test } from 'vitest';
import { agentName } from './agent';

test('browsers that pretend to be others are told apart', () => {
  expect(agentName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0')).toBe('Edge, Windows');
  expect(agentName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36')).toBe('Chrome, Linux');
  expect(agentName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1')).toBe('Safari, iPhone');
  expect(agentName('Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36')).toBe('Chrome, Android');
});

test('what is no browser is named as it names itself', () => {
  expect(agentName('vigia-tracker/2.1')).toBe('vigia-tracker/2.1');
  expect(agentName(undefined)).toBe('');
});
