/**
 * The time zones of Asia, Australia and the Pacific: see `zone-names.ts`.
 *
 * @module
 */
export const ASIA = `
Asia/Aden: LMT=10794
Asia/Almaty: LMT=18468
Asia/Amman: EET=7200 LMT=8624 EEST=10800 +03=10800@1666908000
Asia/Anadyr: LMT=42596
Asia/Aqtau: LMT=12064
Asia/Aqtobe: LMT=13720
Asia/Ashgabat Asia/Ashkhabad: LMT=14012
Asia/Atyrau: LMT=12464
Asia/Baghdad: BMT=10656 LMT=10660
Asia/Bahrain: LMT=12140
Asia/Baku: LMT=11964
Asia/Bangkok: LMT=24124 BMT=24124@-2840164924
Asia/Barnaul: LMT=20100
Asia/Beirut: EET=7200 LMT=8520 EEST=10800
Asia/Bishkek: LMT=17904
Asia/Brunei: LMT=27580
Asia/Calcutta Asia/Kolkata: MMT=19270 IST=19800 HMT=21200 LMT=21208
Asia/Chita: LMT=27232
Asia/Choibalsan Asia/Ulaanbaatar Asia/Ulan_Bator: LMT=25652
Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Shanghai PRC: CST=28800 LMT=29143 CDT=32400
Asia/Colombo: LMT=19164 MMT=19172
Asia/Dacca Asia/Dhaka: HMT=21200 LMT=21700
Asia/Damascus: EET=7200 LMT=8712 EEST=10800 +03=10800@1666904400
Asia/Dili: LMT=30140
Asia/Dubai: LMT=13272
Asia/Dushanbe: LMT=16512
Asia/Famagusta: EET=7200 LMT=8148 EEST=10800 +03=10800@1473282000 EEST=10800@1521939600
Asia/Gaza: EET=7200 LMT=8272 EEST=10800 IST=7200@-81313200 IDT=10800@142380000
  EET=7200@820447200 EEST=10800@828655200
Asia/Hebron: EET=7200 LMT=8423 EEST=10800 IST=7200@-81313200 IDT=10800@142380000
  EET=7200@820447200 EEST=10800@828655200
Asia/Ho_Chi_Minh Asia/Saigon: LMT=25590 PLMT=25590@-2004073590
Asia/Hong_Kong Hongkong: LMT=27402 HKT=28800 HKWT=30600 HKST=32400 JST=32400@-884248200
  HKST=32400@-747907200
Asia/Hovd: LMT=21996
Asia/Irkutsk: LMT=25025 IMT=25025@-2840165825
Asia/Istanbul Europe/Istanbul Turkey: LMT=6952 IMT=7016 EET=7200 EEST=10800 +03=10800@267915600
  EEST=10800@482799600 +03=10800@1473195600
Asia/Jakarta: WIB=25200 LMT=25632 BMT=25632@-3231299232
Asia/Jayapura: LMT=33768 WIT=32400@-189423000
Asia/Jerusalem Asia/Tel_Aviv Israel: IST=7200 JMT=8440 LMT=8454 IDT=10800 IDDT=14400
Asia/Kabul: LMT=16608
Asia/Kamchatka: LMT=38076
Asia/Karachi: LMT=16092 PKST=21600 PKT=18000@38775600
Asia/Kashgar Asia/Urumqi: LMT=21020
Asia/Kathmandu Asia/Katmandu: LMT=20476
Asia/Khandyga: LMT=32533
Asia/Krasnoyarsk: LMT=22286
Asia/Kuala_Lumpur: LMT=24406 SMT=24925
Asia/Kuching: LMT=26480
Asia/Kuwait: LMT=11516
Asia/Macao Asia/Macau: LMT=27250 CST=28800 CDT=32400@-747046800
Asia/Magadan: LMT=36192
Asia/Makassar Asia/Ujung_Pandang: LMT=28656 MMT=28656@-1577951856 WITA=28800@-766054800
Asia/Manila: LMT=-57368 PST=28800 LMT=29032 PDT=32400 JST=32400@-880016400 PDT=32400@-783594000
Asia/Muscat: LMT=14064
Asia/Nicosia Europe/Nicosia: EET=7200 LMT=8008 EEST=10800
Asia/Novokuznetsk: LMT=20928
Asia/Novosibirsk: LMT=19900
Asia/Omsk: LMT=17610
Asia/Oral: LMT=12324
Asia/Phnom_Penh: LMT=25180 PLMT=25590
Asia/Pontianak: WIB=25200 LMT=26240 PMT=26240@-1946186240 WITA=28800@-189415800
Asia/Pyongyang: LMT=30180 KST=30600 JST=32400 KST=32400@-768646800
Asia/Qatar: LMT=12368
Asia/Qostanay: LMT=15268
Asia/Qyzylorda: LMT=15712
Asia/Rangoon Asia/Yangon: LMT=23087 RMT=23087@-2840163887
Asia/Riyadh: LMT=11212
Asia/Sakhalin: LMT=34248
Asia/Samarkand: LMT=16073
Asia/Seoul ROK: LMT=30472 KST=30600 JST=32400 KDT=34200 KDT=36000 KST=32400@-767350800
Asia/Singapore Singapore: LMT=24925 SMT=24925@-2177477725
Asia/Srednekolymsk: LMT=36892
Asia/Taipei ROC: CST=28800 LMT=29160 JST=32400 CDT=32400@-745833600
Asia/Tashkent: LMT=16631
Asia/Tbilisi: LMT=10751 TBMT=10751@-2840151551
Asia/Tehran Iran: LMT=12344 TMT=12344@-1704165944
Asia/Thimbu Asia/Thimphu: LMT=21516
Asia/Tokyo Japan: JST=32400 LMT=33539 JDT=36000
Asia/Tomsk: LMT=20391
Asia/Ust-Nera: LMT=34374
Asia/Vientiane: LMT=24624 PLMT=25590
Asia/Vladivostok: LMT=31651
Asia/Yakutsk: LMT=31138
Asia/Yekaterinburg: PMT=13505 LMT=14553
Asia/Yerevan: LMT=10680
Australia/ACT Australia/Canberra Australia/NSW Australia/Sydney: AEST=36000 LMT=36292 AEDT=39600
Australia/Adelaide Australia/South: ACST=32400 LMT=33260 ACST=34200 ACDT=37800
Australia/Brisbane Australia/Queensland: AEST=36000 LMT=36728 AEDT=39600
Australia/Broken_Hill Australia/Yancowinna: ACST=32400 LMT=33948 ACST=34200 AEST=36000
  ACDT=37800
Australia/Currie Australia/Hobart Australia/Tasmania: LMT=35356 AEST=36000 AEDT=39600
Australia/Darwin Australia/North: LMT=31400 ACST=32400 ACST=34200 ACDT=37800
Australia/Eucla: LMT=30928
Australia/LHI Australia/Lord_Howe: AEST=36000 LMT=38180
Australia/Lindeman: LMT=35756 AEST=36000 AEDT=39600
Australia/Melbourne Australia/Victoria: LMT=34792 AEST=36000 AEDT=39600
Australia/Perth Australia/West: LMT=27804 AWST=28800 AWDT=32400
Pacific/Apia: LMT=-41216 LMT=45184
Pacific/Bougainville: PMMT=35312 LMT=37336
Pacific/Chuuk: LMT=-49972 LMT=36428
Pacific/Efate: LMT=40396
Pacific/Fakaofo: LMT=-41096
Pacific/Fiji: LMT=42944
Pacific/Funafuti: LMT=43012
Pacific/Galapagos: LMT=-21504
Pacific/Gambier: LMT=-32388
Pacific/Guadalcanal Pacific/Ponape: LMT=38388
Pacific/Guam: LMT=-51660 LMT=34740 GST=36000 GDT=39600 ChST=36000@977493600
Pacific/Kiritimati: LMT=-37760
Pacific/Kosrae: LMT=-47284 LMT=39116
Pacific/Majuro: LMT=41088
Pacific/Marquesas: LMT=-33480
Pacific/Midway: LMT=-42568 SST=-39600@-420645600
Pacific/Nauru: LMT=40060
Pacific/Niue: LMT=-40780
Pacific/Norfolk: LMT=40312
Pacific/Noumea: LMT=39948
Pacific/Pago_Pago Pacific/Samoa US/Samoa: LMT=-40968 SST=-39600 LMT=45432
Pacific/Palau: LMT=-54124 LMT=32276
Pacific/Pitcairn: LMT=-31220
Pacific/Pohnpei: LMT=-48428 LMT=37972
Pacific/Port_Moresby Pacific/Truk Pacific/Yap: PMMT=35312 LMT=35320
Pacific/Rarotonga: LMT=-38344 LMT=48056
Pacific/Saipan: LMT=-51420 LMT=34980 GST=36000 GDT=39600 ChST=36000@977493600
Pacific/Tahiti: LMT=-35896
Pacific/Tarawa: LMT=41524
Pacific/Tongatapu: LMT=44352
Pacific/Wake: LMT=39988
Pacific/Wallis: LMT=44120
`;
