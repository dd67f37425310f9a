import { Stack } from '@mantine/core';
import { TokenList } from '@/parts/TokenList';

/** Keys for programs that act in the person's name. */
export default function Tokens() {
  return <Stack maw={820}><TokenList /></Stack>;
}
