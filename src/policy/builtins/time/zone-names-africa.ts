/**
 * The time zones of Africa, the Atlantic, the Indian Ocean and Antarctica: see `zone-names.ts`.
 *
 * @module
 */
export const AFRICA = `
Africa/Abidjan Africa/Timbuktu Iceland: LMT=-968 GMT=0
Africa/Accra: LMT=-52 GMT=0
Africa/Addis_Ababa: LMT=9288 ADMT=9320 EAT=10800
Africa/Algiers: WET=0 PMT=561 LMT=732 WEST=3600 CEST=7200 CET=3600@-942012000 WEST=3600@41468400
  CET=3600@246236400 WEST=3600@325468800 CET=3600@357523200
Africa/Asmara: ADMT=9320 LMT=9332 EAT=10800 AMT=9332@-3155682932
Africa/Asmera Africa/Nairobi: LMT=8836 EAT=10800
Africa/Bamako: LMT=-1920 GMT=0
Africa/Bangui: WAT=3600 LMT=4460
Africa/Banjul: LMT=-3996 GMT=0 BMT=-3996@-1830380004
Africa/Bissau: LMT=-3740 GMT=0
Africa/Blantyre: CAT=7200 LMT=8400 ZMT=8460 ZMT=8470
Africa/Brazzaville: WAT=3600 LMT=3668
Africa/Bujumbura: LMT=7048 CAT=7200
Africa/Cairo Egypt: EET=7200 LMT=7509 EEST=10800
Africa/Casablanca: LMT=-1820
Africa/Ceuta: LMT=-1276 WET=0 WEST=3600 CEST=7200 CET=3600@448243200
Africa/Conakry: LMT=-3292 GMT=0
Africa/Dakar: LMT=-4184 GMT=0
Africa/Dar_es_Salaam: LMT=9428 EAT=10800
Africa/Djibouti: LMT=10356 EAT=10800
Africa/Douala: LMT=2328 WAT=3600
Africa/El_Aaiun: LMT=-3168
Africa/Freetown: LMT=-3180 GMT=0 FMT=-3180@-2776979220
Africa/Gaborone: SAST=5400 LMT=6220 CAT=7200 CAST=10800
Africa/Harare: CAT=7200 LMT=7452
Africa/Johannesburg: SAST=5400 LMT=6720 SAST=7200 SAST=10800
Africa/Juba: CAT=7200 LMT=7588 CAST=10800 EAT=10800@947930400
Africa/Kampala: LMT=7780 EAT=10800
Africa/Khartoum: CAT=7200 LMT=7808 CAST=10800 EAT=10800@947930400
Africa/Kigali: CAT=7200 LMT=7216
Africa/Kinshasa: WAT=3600 LMT=3672
Africa/Lagos: GMT=0 LMT=815 WAT=3600
Africa/Libreville: LMT=2268 WAT=3600
Africa/Lome: GMT=0 LMT=292
Africa/Luanda: LMT=3124 LMT=3176 WAT=3600
Africa/Lubumbashi: WAT=3600 LMT=6592 CAT=7200
Africa/Lusaka: LMT=6788 CAT=7200
Africa/Malabo: GMT=0 LMT=2108 WAT=3600
Africa/Maputo: CAT=7200 LMT=7818
Africa/Maseru: LMT=6600 SAST=7200 SAST=10800
Africa/Mbabane: SAST=7200 LMT=7464
Africa/Mogadishu: EAT=10800 LMT=10888
Africa/Monrovia: MMT=-2670 LMT=-2588 GMT=0 MMT=-2588@-2776979812
Africa/Ndjamena: WAT=3600 LMT=3612 WAST=7200
Africa/Niamey: GMT=0 LMT=508 WAT=3600
Africa/Nouakchott: LMT=-3828 GMT=0
Africa/Ouagadougou: LMT=-364 GMT=0
Africa/Porto-Novo: GMT=0 LMT=628 WAT=3600
Africa/Sao_Tome: LMT=-2205 GMT=0 LMT=1616 WAT=3600
Africa/Tripoli Libya: LMT=3164 CET=3600 CEST=7200 EET=7200@-347158800 CEST=7200@386463600
  EET=7200@641775600 CEST=7200@860108400 EET=7200@875916000 CEST=7200@1364515200
  EET=7200@1382659200
Africa/Tunis: PMT=561 LMT=2444 CET=3600 CEST=7200
Africa/Windhoek: WAT=3600 LMT=4104 SAST=7200 SAST=10800 CAT=7200@637970400
Antarctica/Casey Antarctica/Davis Antarctica/DumontDUrville Antarctica/Mawson Antarctica/Palmer
  Antarctica/Rothera Antarctica/Syowa Antarctica/Vostok Factory Indian/Kerguelen
  Pacific/Enderbury Pacific/Kanton: -00=0
Antarctica/Macquarie: -00=0 AEST=36000 AEDT=39600
Antarctica/McMurdo: -00=0 NZST=43200 NZDT=46800
Antarctica/South_Pole NZ Pacific/Auckland: NZMT=41400 LMT=41944 NZST=43200 NZST=45000 NZDT=46800
Antarctica/Troll: -00=0 +00=0@1108166400
Atlantic/Azores: HMT=-6872 LMT=-6160 WEST=3600 WET=0@725421600 +00=0@740278800
Atlantic/Bermuda: LMT=-15558 AST=-14400 BST=-11958 ADT=-10800 BMT=-15558@-2524506042
Atlantic/Canary: LMT=-3696 WET=0 WEST=3600
Atlantic/Cape_Verde: LMT=-5644
Atlantic/Faeroe Atlantic/Faroe: LMT=-1624 WET=0 WEST=3600
Atlantic/Madeira: LMT=-4056 FMT=-4056@-2713906344 WET=0@-102546000 WEST=3600@386726400
Atlantic/Reykjavik: LMT=-5280 GMT=0@-54770400
Atlantic/South_Georgia: LMT=-8768
Atlantic/St_Helena: LMT=-1368 GMT=0 JMT=-1368@-2524520232
Atlantic/Stanley: LMT=-13884 SMT=-13884@-2524507716
Indian/Antananarivo: EAT=10800 LMT=11404 EAST=14400
Indian/Chagos: LMT=17380
Indian/Christmas: LMT=25372
Indian/Cocos: LMT=23260
Indian/Comoro: LMT=10384 EAT=10800
Indian/Mahe: LMT=13308
Indian/Maldives: LMT=17640 MMT=17640@-2840158440
Indian/Mauritius: LMT=13800
Indian/Mayotte: EAT=10800 LMT=10856
Indian/Reunion: LMT=13312
`;
