// A photo or a logo: chosen, shown, removed. The server turns, shrinks and
// encodes it anew.
import { Avatar, Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconPhoto, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '@/api/client';
import { visiting } from '@/api/workplace';
import { texts, useT } from '@/i18n';
import { sayProblem } from './problems';

const own = texts({
  choose: ['Choose image', 'Elegir imagen', 'Escolher imagem', 'Choisir une image'],
  remove: ['Remove image', 'Quitar imagen', 'Remover imagem', 'Retirer l’image'],
  kinds: ['JPEG or PNG, up to 8 MB', 'JPEG o PNG, hasta 8 MB', 'JPEG ou PNG, até 8 MB', 'JPEG ou PNG, jusqu’à 8 Mo'],
});

/** imageUrl is where a picture is read; what is under an ID never changes. */
export const imageUrl = (id: string | undefined) => (id && !visiting ? `/api/v1/images/${id}` : undefined);

/** imageOf is the picture of a customer or a person, if the server keeps any. */
export const imageOf = (of: object) => imageUrl((of as { image?: string }).image);

interface Props {
  /** Where it is put: /api/v1/customers/ID/image. */
  path: string;
  name: string;
  image?: string;
  onChanged: () => void;
}

export function ImagePicker({ path, name, image, onChanged }: Props) {
  const t = useT(own);
  const [busy, setBusy] = useState(false);
  const put = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    await call('PUT', path, file, { 'Content-Type': file.type || 'image/jpeg' }).then(onChanged, sayProblem);
    setBusy(false);
  };
  return (
    <Group>
      <Avatar src={image} name={name} color="initials" size={72} radius="md" alt="" />
      <Stack gap={4}>
        <Group gap="xs">
          <FileButton onChange={put} accept="image/jpeg,image/png">{(props) => <Button {...props} variant="default" size="xs" loading={busy} leftSection={<IconPhoto size={15} />}>{t('choose')}</Button>}</FileButton>
          {image && <Button variant="subtle" color="red" size="xs" leftSection={<IconTrash size={15} />} onClick={() => call('DELETE', path).then(onChanged, sayProblem)}>{t('remove')}</Button>}
        </Group>
        <Text size="xs" c="dimmed">{t('kinds')}</Text>
      </Stack>
    </Group>
  );
}
