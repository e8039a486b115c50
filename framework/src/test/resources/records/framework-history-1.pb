wordswords-1"cluster-0001(0˚îî  3:ô˚îî  3"√ºber LAUNCHED„úî  3À§î  3"√ºber FAILED≥¨î  3"√ºber ENDEDõ¥î  3"√ºber UNREACHABLEÉºî  3"√ºber KILLINGÎ√î  3"√ºber GIVEN_UP”Àî  3	"√ºber TOOK_OVERª”î  3
"√ºber REGISTERED£€î  3"√ºber SUBSCRIBEDã„î  3"√ºber REFUSEDÛÍî  3"
√ºber KILL€Úî  3"√ºber RESTART√˙î  3"√ºber UPDATE´Çï  3"
√ºber NOTE