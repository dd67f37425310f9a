// A secret or a link that is shown this once, to be copied now.
import { ActionIcon, Alert, Code, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { texts, useT } from '@/i18n';

const own = texts({
  once: ['Copy it now. It will not be shown again.', 'Cópielo ahora. No se volverá a mostrar.', 'Copie agora. Ele não será exibido novamente.', 'Copiez-le maintenant. Il ne sera plus affiché.'],
});

export function CopyBox({ value, label, once }: { value: string; label: string; once?: boolean }) {
  const t = useT(own);
  return (
    <div>
      <Text size="sm" fw={550} mb={4}>{label}</Text>
      <Group gap="xs" wrap="nowrap" align="stretch">
        <Code block data-secret style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} aria-label={label}>{value}</Code>
        <CopyButton value={value} timeout={2500}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t('copied') : t('copy')}>
              <ActionIcon size={36} variant="light" color={copied ? 'green' : undefined} onClick={copy} aria-label={copied ? t('copied') : t('copy')}>{copied ? <IconCheck size={18} /> : <IconCopy size={18} />}</ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
      {once && <Alert mt="xs" py={6} color="yellow" role="status">{t('once')}</Alert>}
    </div>
  );
}
