// One box that finds a device by its plate or IMEI, a customer by its code, a
// person by name, and the pages themselves: key / on every page.
import { ActionIcon, Button, Modal, Text, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useT } from '@/i18n';
import { Results } from './Results';
import { words } from './words';
import '../shell.css';

export function Search() {
  const t = useT(words);
  const [opened, { open, close }] = useDisclosure();
  useHotkeys([['/', open], ['mod+K', open]]);
  return (
    <>
      <Button className="searcher" variant="default" justify="space-between" size="compact-md" h={32} px="sm" fw={400} styles={{ label: { flex: 1 } }} visibleFrom="sm" onClick={open} aria-keyshortcuts="/" aria-label={`${t('searchAll')}: ${t('hint')}`}
        leftSection={<IconSearch size={16} />} rightSection={<kbd aria-hidden>/</kbd>}><Text span c="dimmed" size="sm" truncate>{t('hint')}</Text></Button>
      <Tooltip label={t('searchAll')}><ActionIcon hiddenFrom="sm" variant="subtle" color="gray" size={34} onClick={open} aria-label={t('searchAll')}><IconSearch size={20} /></ActionIcon></Tooltip>
      <Modal opened={opened} onClose={close} withCloseButton={false} attributes={{ content: { 'aria-label': t('searchAll') } }} size="lg" padding={0} yOffset="9dvh" radius="md"><Results close={close} /></Modal>
    </>
  );
}
