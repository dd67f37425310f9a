import {
  IconBuilding, IconBuildingHospital, IconBuildingWarehouse, IconFlag, IconGasStation, IconHome, IconMapPin, IconParking, IconShield, IconShoppingCart, IconStar, IconTool, type Icon,
} from '@tabler/icons-react';
import type { Schemas } from '@/api/client';
import type { words } from './words';

export type Kind = Schemas['Marker']['icon'];

/** The icons of markers, with the words that name them. */
export const icons: Record<Kind, [Icon, keyof typeof words]> = {
  pin: [IconMapPin, 'pin'], flag: [IconFlag, 'flag'], home: [IconHome, 'home_'], office: [IconBuilding, 'office'], shop: [IconShoppingCart, 'shop'], fuel: [IconGasStation, 'fuel'],
  parking: [IconParking, 'parking'], warehouse: [IconBuildingWarehouse, 'warehouse'], hospital: [IconBuildingHospital, 'hospital'], police: [IconShield, 'police'], tool: [IconTool, 'tool'], star: [IconStar, 'star'],
};
export const kinds = Object.keys(icons) as Kind[];
