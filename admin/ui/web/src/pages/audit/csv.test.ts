import { expect, test } from 'vitest';
import { csv } from './csv';

test('a cell is quoted where it must be and begins no formula', () => {
  expect(csv([['a', 'b,c', 'say "x"'], [1, '=1+1', '-2'], [-3, 'two\nlines', '']])).toBe('\ufeffa,"b,c","say ""x"""\r\n1,\'=1+1,\'-2\r\n-3,"two\nlines",\r\n');
});
