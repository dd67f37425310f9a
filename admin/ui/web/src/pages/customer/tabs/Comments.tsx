import { Stack, Title } from '@mantine/core';
import { texts, useT } from '@/i18n';
import { CommentList } from '@/parts/CommentList';
import type { TabProps } from '../tabs';
import { words } from '../words';

/** What colleagues noted about the customer; its own people do not see it. */
export default function Comments({ customer }: TabProps) {
  const t = useT(texts({ comments: words.comments }));
  return <Stack maw={720}><Title order={2} size="h3">{t('comments')}</Title><CommentList owner={customer.company} about={{ customer: customer.id }} /></Stack>;
}
