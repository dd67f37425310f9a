package fleet

import "strings"

// countryCodes are the officially assigned codes of ISO 3166-1, alpha-2.
const countryCodes = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF " +
	"GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW " +
	"KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL " +
	"NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST " +
	"SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"

// Country is what follows from where a customer is, unless it says otherwise.
type Country struct {
	Code     string `json:"code" example:"CO"`
	Lang     Lang   `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string `json:"timezone" doc:"IANA name; where there are several, the capital's" example:"America/Bogota"`
	Prefix   string `json:"phonePrefix,omitempty" doc:"Of telephone numbers; absent: not known here" example:"+57"`
	Imperial bool   `json:"imperial,omitempty" doc:"Miles instead of kilometres"`
}

// localised are countries with defaults: code, language, zone, phone prefix.
const localised = `
AR es America/Argentina/Buenos_Aires +54
BO es America/La_Paz +591
BR pt America/Sao_Paulo +55
CL es America/Santiago +56
CO es America/Bogota +57
CR es America/Costa_Rica +506
CU es America/Havana +53
DO es America/Santo_Domingo +1
EC es America/Guayaquil +593
ES es Europe/Madrid +34
GQ es Africa/Malabo +240
GT es America/Guatemala +502
HN es America/Tegucigalpa +504
MX es America/Mexico_City +52
NI es America/Managua +505
PA es America/Panama +507
PE es America/Lima +51
PR es America/Puerto_Rico +1
PY es America/Asuncion +595
SV es America/El_Salvador +503
UY es America/Montevideo +598
VE es America/Caracas +58
AO pt Africa/Luanda +244
CV pt Atlantic/Cape_Verde +238
GW pt Africa/Bissau +245
MZ pt Africa/Maputo +258
PT pt Europe/Lisbon +351
ST pt Africa/Sao_Tome +239
TL pt Asia/Dili +670
BE fr Europe/Brussels +32
BF fr Africa/Ouagadougou +226
BJ fr Africa/Porto-Novo +229
CD fr Africa/Kinshasa +243
CG fr Africa/Brazzaville +242
CI fr Africa/Abidjan +225
CM fr Africa/Douala +237
DZ fr Africa/Algiers +213
FR fr Europe/Paris +33
GA fr Africa/Libreville +241
GN fr Africa/Conakry +224
HT fr America/Port-au-Prince +509
LU fr Europe/Luxembourg +352
MA fr Africa/Casablanca +212
MC fr Europe/Monaco +377
MG fr Indian/Antananarivo +261
ML fr Africa/Bamako +223
NE fr Africa/Niamey +227
SN fr Africa/Dakar +221
TG fr Africa/Lome +228
TN fr Africa/Tunis +216
AU en Australia/Sydney +61
CA en America/Toronto +1
DE en Europe/Berlin +49
GB en Europe/London +44
IE en Europe/Dublin +353
IN en Asia/Kolkata +91
IT en Europe/Rome +39
KE en Africa/Nairobi +254
NG en Africa/Lagos +234
NL en Europe/Amsterdam +31
NZ en Pacific/Auckland +64
US en America/New_York +1
ZA en Africa/Johannesburg +27
`

// Countries are all countries by code.
func Countries() []Country {
	known := map[string]Country{}
	for line := range strings.Lines(strings.TrimSpace(localised)) {
		f := strings.Fields(line)
		known[f[0]] = Country{Code: f[0], Lang: Lang(f[1]), Timezone: f[2], Prefix: f[3], Imperial: f[0] == "US" || f[0] == "GB"}
	}
	var out []Country
	for _, code := range strings.Fields(countryCodes) {
		c, ok := known[code]
		if !ok {
			c = Country{Code: code, Lang: English, Timezone: "UTC"}
		}
		out = append(out, c)
	}
	return out
}

// CountryOf is the country with a code; false if there is none.
func CountryOf(code string) (Country, bool) {
	for _, c := range Countries() {
		if c.Code == code {
			return c, true
		}
	}
	return Country{}, false
}

func knownCountry(code string) bool {
	return len(code) == 2 && strings.Contains(" "+countryCodes+" ", " "+code+" ")
}
