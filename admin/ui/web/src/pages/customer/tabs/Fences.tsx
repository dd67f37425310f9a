import { GeofencesOf } from '@/pages/geofences';
import type { TabProps } from '../tabs';

/** The geofences that a customer drew: the map, the list and the editor, for this customer alone. */
export default function Fences({ customer }: TabProps) {
  return <GeofencesOf owner={customer.id} />;
}
