// A password field that shows the policy and colours each rule as it is met.
import { List, Paper, PasswordInput as Input, ThemeIcon, type PasswordInputProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconPoint } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { http } from '@/api/client';
import { texts, useT } from '@/i18n';

const own = texts({
  length: ['at least {n} characters', 'al menos {n} caracteres', 'ao menos {n} caracteres', 'au moins {n} caractères'],
  upper: ['one upper case', 'una mayúscula', 'uma maiúscula', 'une majuscule'],
  lower: ['one lower case', 'una minúscula', 'uma minúscula', 'une minuscule'],
  digit: ['one digit', 'un número', 'um número', 'un chiffre'],
  symbol: ['one symbol', 'un símbolo', 'um símbolo', 'un symbole'],
});

/** usePasswordRules gives the policy; token is that of an activation link. */
export function usePasswordRules(token?: string) {
  return useQuery({
    queryKey: ['password-rules', token],
    queryFn: async () => (await http.POST('/api/v1/password-rules', { body: token ? { token } : {} })).data!.rules,
    staleTime: Infinity,
  }).data ?? [];
}

/** The lines of a policy, each coloured as a password meets it. */
export function RuleLines({ rules, value }: { rules: { code: string; n?: number; pattern: string }[]; value: string }) {
  const t = useT(own);
  return (
    <List size="sm" spacing={2} center listStyleType="none">
      {rules.map((r) => {
        const met = new RegExp(r.pattern, 'u').test(value);
        return (
          <List.Item key={r.code} c={met ? 'var(--ok)' : 'var(--bad)'} data-met={met}
            icon={<ThemeIcon size={16} radius="xl" color={met ? 'teal' : 'gray'} variant={met ? 'filled' : 'light'}>{met ? <IconCheck size={12} /> : <IconPoint size={12} />}</ThemeIcon>}>
            {t(r.code as keyof typeof own, { n: r.n })}
          </List.Item>
        );
      })}
    </List>
  );
}

/** useRuleTexts words the policy, a line for each rule. */
export function useRuleTexts(): string[] {
  const t = useT(own);
  return usePasswordRules().map((r) => t(r.code as keyof typeof own, { n: r.n }));
}

interface Props extends PasswordInputProps {
  token?: string;
  value?: string;
}

/**
 * The rules come up with the first focus and stay, below the field: a window
 * over the form would cover what is to be filled in or pressed next.
 */
export function NewPassword({ token, value = '', ...props }: Props) {
  const rules = usePasswordRules(token);
  const [seen, setSeen] = useState(false);
  const id = useId();
  return (
    <div onFocusCapture={() => setSeen(true)}>
      <Input autoComplete="new-password" value={value} aria-describedby={id} {...props} />
      {seen && rules.length > 0 && (
        <Paper id={id} role="tooltip" withBorder p="xs" mt={6}>
          <RuleLines rules={rules} value={value} />
        </Paper>
      )}
    </div>
  );
}
