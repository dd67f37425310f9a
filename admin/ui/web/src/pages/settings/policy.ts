// The lines of a policy that is not saved yet, as the server will give them.
import type { Schemas } from '@/api/client';

type Policy = Schemas['PasswordPolicy'];
export type Rule = Pick<Schemas['PasswordRule'], 'code' | 'n' | 'pattern'>;

const classes = { upper: '\\p{Lu}', lower: '\\p{Ll}', digit: '\\p{Nd}', symbol: '[^\\p{L}\\p{N}]' } as const;

export function rulesOf(p: Policy): Rule[] {
  const kinds = Object.keys(classes) as (keyof typeof classes)[];
  return [{ code: 'length', n: p.minLength, pattern: `^[\\s\\S]{${p.minLength},}$` }, ...kinds.filter((k) => p[k]).map((k) => ({ code: k, pattern: classes[k] }))];
}
