import { Alert, Stack } from '@mantine/core';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { TokenList } from '@/parts/TokenList';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** Keys for programs that act in the person's name: everybody makes their own. */
export default function Tokens({ user }: StoredProps) {
  const t = useT(words);
  const me = useMe();
  return <Stack maw={820}>{user.id === me.user.id ? <TokenList /> : <Alert variant="light" role="note">{t('ownTokens', { name: user.name })}</Alert>}</Stack>;
}
