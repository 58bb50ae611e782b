/** 2048 plain words of our own choosing for passphrases: 3 to 8 letters, no two of them one letter apart. Each is 11 bits. */
export const words: readonly string[] = `
above access acorn acrobat across active actor adapt add address adjust admiral admire advance advice aerial affair again
agenda agent agree ahead aim aircraft airline airport alarm album alert algebra allow almond almost alone alpaca alphabet
alpine already always amaze amber ambition among amount amuse anchor ancient angle animal annual answer anteater antenna
anthem antler apart appetite applause apply apricot april apron aquarium arcade archer archive archway arena argue armchair
around arrange arrive art artisan artist ascend aside asleep asphalt asset assist astonish athlete atlas atom attach attend
attic auction audit author autumn avenue avocado awake away awning axle back backpack badger bag baggage bagpipe bake bakery
bakewell balance balcony ballad ballet balloon ballroom bamboo banana bandage banjo banner banquet barber barefoot barley
barn barnacle barrel basement basic basket batch baton battery beach beacon beam beanbag beard beaver bed bedroom bedside
beehive beetle before begin behave behind believe bell bellow benefit best bestow better between beyond bicycle bin birch
bird birdbath birthday biscuit bison blade blanket blend blink blizzard block bloom blossom blouse blue bluebell blunt boat
bobbin body boil bold bonfire bonnet bonus bookcase bookmark border borrow boss botany both bottle bottom bounce box boxer
bracelet bracket braid branch brass brave breakout breeze brick bridge brief bright bring broad broadway broccoli brochure
bronze brook brother brownie brush bubble bucket buckle budget buffalo buffet bugle build bulb bunch bundle bungalow bungee
bunny buoy business butcher button buttress buzz cabbage cabin cabinet cable cactus cafe calendar calf camel camellia camera
camp campfire canal canary candid candle candy canoe canteen canvas canyon capsule captain caption caravan carbon card
cardigan carnival carol carousel carpet carriage carrot carry cartoon carve cascade cashew castanet castle cat catapult
caterer cauldron ceiling celeriac celery cello cement census central ceramics chain chalk chamber champion chance channel
chant chapter charcoal charge chariot charity chase cheddar cheek cheese cheetah cherish cherry chess chestnut chick chief
chill chimney chip chipmunk choice choir choose chorus chuckle chutney cider cinema cinnamon circle circus citadel citizen
citrus city clarinet clasp clay clean clerk clever client cliff climate climb clinic close cloth cloud club cluster coach
coast coastal coaster cobalt cobbler cobweb cockatoo cocoa coconut coffee coin collar collect college colony colt column
comb combine comedy comet comfort common compass compose concert condor conduct cone connect contain content control cookie
cool copper copy coral cork corner correct cosmic costume cottage cotton count country couple courage cousin cover cow
cowslip coyote crab crack cradle craft crane crater crayon cream credit crescent cricket crisp crochet crocus crop crossbar
crowd crumb crumpet crunch crust crystal cube cuckoo cucumber cuddle cufflink cup cupboard cupcake curious curl cushion
custard custom cutlery cycle cyclone cypress daffodil dahlia daily dance dapple daring dark dash data daughter dawn day
daybreak daylight decade deck declare decorate deep degree delay deliver delta denim dentist depart depth describe design
dessert detail detect develop device dewdrop diagram dial diamond diary dice diesel dig digit dignity diligent dinner
dinosaur diploma direct dirt disc discover discuss distance doctor doll dolphin domain dome donate donkey donor doorbell
doorway dot double doughnut dozen dragon draw drawer dress dressing drift drill drink drive driveway dropper drum duet
duffel dumpling dune dusk dustpan duty dwell dynamic eager eagle early earth easter easy echo eclipse economy edit editor
educate effort egg eggshell elastic elated elbow elder elegant element elephant elevate elevator eleven elk emblem embrace
emerald emerge emotion emperor emporium empty emu enamel endure energy engage engine enjoy enlarge enough enrich enter
entire entry envelope epic episode equal equator equip era errand escape essence estate eternal evening event every exact
exam example excel except excite excuse exercise exhibit exotic expand explain explorer export express eye eyebrow fabric
face factory fairness fairy falcon fall family famous fan fancy fanfare farm farmer farmyard fashion father feast feathery
feature february feed felt fence fennel fern ferret ferry festival fetch few fiction fiddle field fiesta fifteen fifty
figure filament file filter final finance finch finger finish firefly fireman first fish fishpond fit fjord flag flagpole
flake flamingo flannel flapjack flash fleet flicker flight flint flipper float flood flotilla flow fluffy fluid flute fly
flyover foam focus folder folk follow foot football footpath force forecast forehead forest forklift fortune forty forward
fossil found fountain foxglove fragile fragrant frame freckle free freight fresh friday friend frisbee frog front frozen
fruit fruitful fuchsia fudge fuel furnace gadget galaxy galleon gallery gallop game garage garden garland garlic garment gas
gateway gauge gazebo gazelle gear gecko gem general generous genius gentle genuine geology geranium gerbil geyser giant gift
giggle gingham giraffe give glacier glad glance glass glide glimpse glitter global globe glossy glowworm goal goggles
goldfish golf gondola good goose gopher gown grace grammar grand granite granola graph grateful gravel gravity gravy green
greenery grid grocery group grove grow guard guess guitar gull gumboot gusto gutter gymnast haddock hail haircut halt hamlet
hammer hammock hamster hand handbook happy hardback harmony harness harp harpoon harvest have hawk haystack hazel headlamp
headland healthy heap heart heather heavy hedge hedgehog height heirloom helipad helmet hemlock herald herb heritage heron
herring heyday hickory hidden high highway hike hillside hilltop hinge hint hippo history hobby hockey holdall holiday holly
homemade honest honey honeybee hoof hope horizon hornet horse hospital host hotel hubcap human humble humid hundred hunger
hurdle hurry husky hut hydrant hymn iceberg icicle icon ideal igloo iguana image imagine import imprint improve include
income indigo indoor industry infant inform ink inkpot inkwell inland input inquiry insect inside inspire install instant
intact interest interior invent invite iris ironwork item ivory ivy jackdaw jacket jackpot jade jaguar jam jamboree january
jasmine jazz jeans jelly jetty jewel jigsaw jog joke journal journey jubilee juggle juice jukebox july jumbo jump jumper
junior juniper justice kangaroo kayak keen kernel kettle keyboard kilt kind kindle kingdom kinship kiosk kipper kitchen kite
kitten kiwi kneecap kneel knit knob koala label ladder ladle lady ladybird lagoon lakeside lamb lamppost landmark language
lantern lap laptop larch large laser last lattice laugh laundry laurel lava lavender lawyer leader leaf leaflet leapfrog
learn lecture left legend leisure lemon lemonade lens lentil leopard lesson lettuce level library lichen lid life lifeboat
lighten lilac lily lilypad limerick limit limpet linen lineup lion liquid listen little lively lizard llama load lobster
local locker locust lodge logic lollipop lonely long look lorry lotion lottery lotus lounge lovage love loyalty lucky
luggage lullaby lunar lupin luxury lyric macaroni machine mackerel magazine magenta magic magician magnet magnolia magpie
mahogany mammal manage mandarin mandolin mango mansion mantle manual many maple marathon marble marigold marina mariner
market marmot maroon marsh marvel mascot mask matchbox material math matter maximum mayfly meadow meal meander measure media
medium melody melon member memory menu merchant mercury message meteor method midnight mild millet million mineral mingle
minimum minnow minute miracle mirror misty mix mixture mobile moccasin model modern modest module moment monday monitor
monsoon month monument moon moonbeam moorland morning mosaic mosquito mother motor mouse movie much mud mudguard muffin
muffler mulberry museum mushroom music mystery napkin narrator nation native nature nautical navy neat necklace nectar
needle nephew nerve network neutral never news nibble nickel niece nightcap nine noble nod noise nomad noodle north note
notebook notice novel november nugget number nurse nursery nuthatch nutmeg nutshell nylon oak oasis oatmeal obelisk object
oblong observe ocean october octopus offer office often oilcan olive omega onion online onward onyx opal open opera opinion
orange orbit orchard orchid organ origin ornament osprey ostrich otter outback outdoor outfit outside overcoat owl owner
oxtail oxygen oyster package paddle page paint paintbox palace palm pamphlet pancake panda panel pansy panther pantry papaya
paper paprika parade parallel parasol parcel parent parsley parsnips partner party pass passage passport pasta pasture
patient patrol pattern pavement pea peacock peanut peapod pearl pebble pecan pelican pencil penguin peony people pepper
perfect perfume permit person petal phone photo phrase physics piano piccolo pick pickle picnic picture pier pigeon pigtail
pilgrim pillow pilot pinecone pinwheel pioneer pipe pipeline pitch pixel pizza planet plank plaster plate plateau platform
platypus playtime plaza please pleasure plenty plimsoll plough plumber plunge plural pocket podium poem polar polish polite
polka pollen polo pond popcorn poppy popular porch porpoise porridge portion portrait position postbox postcard poster
potato pothole poultry powder praise prawn prepare present preserve pretty pretzel pride primary primrose prince priority
private process produce profile program project promise promote prompt proof proper proud proverb provide public pudding
puffball pulley pulp pulse puma pumpkin pupil puppet pure purple purpose push puzzle pyramid python quail quaint quality
quarry quarter quartz queen quest question quick quiet quill quince quiver quiz quoits quote rabbit raccoon radar radio
radish rafter ragwort railway rainbow raincoat rainfall raisin rally rambler rapid rare raven ravioli react ready reality
rebel receive recipe record recover rectory recycle reduce redwood reef reflect reform refresh region regular rejoice relax
release reliable relief remark remember remind remote renew rent repair repeat reply report request rescue research resource
respond return review reward rhubarb rhyme rhythm ribbon rich rickshaw rigid rinse ripple ritual rival river riverbed
roadside robe robin robot rock rodeo romance room rooster rosebud rosehip rosemary rotate routine rowan royal rubber
rucksack rudder rug rugby ruler runway rural rustic safari saffron sailor salad salary salmon salute sample sandal sandbox
sandwich sapphire sardine satchel satin saturday saturn saucer sauna sausage savanna sawdust scale scallion scallop scan
scarf scatter scenic schedule scholar school schooner science scissors scooter scope scout scrap screen screw scribble
script scroll sculptor seagull seahorse search seashell season seaweed second secret seek seesaw seldom select seminar send
senior sense sentence sequel sequin series service session seven shade shadow shallow shamrock shark shawl sheep shelf
shelter shepherd sheriff shield shift shine shiver shoelace shop shore shortcut shoulder shovel shower shrimp shrub shuffle
shutter shuttle shy sibling sideways sign signal signpost silent silk silkworm silly silver similar siren sister situate
sixty skate sketch skill skip skipping skirt skylark skylight slab sled sleeve sleigh slender slice slim slogan small smart
smile smooth snack snail snake snorkel snow snowball snowdrop snowman soap soccer social soda soft solid solution solve
someone songbird soprano sorbet south space spaniel sparkler sparrow spatial speak special spectrum speech speed spell
sphere spider spin spinach spindle spiral splash split sponge spoon sport spray spread spring sprout spruce square squash
squid squirm squirrel stable stadium staff stage stairs stamp stand star starfish starling stately station statue steady
step stereo stick stirrup stitch stone stork strategy straw stream street strength stretch stripe strong student studio
study stumble style subject submit subway success sudden sugar suggest suitcase summer sunbeam sunday sundial sunlight
sunrise sunset supper supply support suppose surf surface surge surprise survey swarm sweater swimmer swing swivel sycamore
syrup system tabby tablet tackle tadpole talent talk tambour tangent tape tapestry target tartan taste tavern taxi teacher
teacup teapot teaspoon teddy tempo tenant tennis tentacle term terrace terrapin text textile thank theme theory thicket
thimble third thirty thistle thorn thread three thrive throw thumb thunder thursday tidy tie tiger timber tinsel tissue
title today toddler together tomato tomorrow tongue tonight tooth top topaz topsoil tornado tortoise total toucan touch tour
toward towel toyshop tractor trade traffic trail tram transfer treasure treat treetop trellis trend trestle trial tribute
tricycle trifle trigger trinket trio trolley trombone trophy tropic trout truck true truth try tuba tuesday tugboat tulip
tundra tunnel turbine turkey turnip turret turtle tutor tweed twelve twenty twice twig twilight twinkle twist typical
umbrella umpire uncle under undo unicorn uniform unique universe unknown unlock unusual unveil upbeat upgrade uphold uplift
upset upstairs urban use usher usual utensil utility vacant vacuum valiant valid valley value vanilla vanish various vase
vault vehicle velvet vendor venture verandah verify verse version vessel veteran viaduct vibrant victory video view village
vinegar vineyard vintage viola violet violin virtual virtue visa visible vision visit visitor visual vital vitamin vivid
voice volcano volume voucher voyage vulture waffle wagon wallaby walnut walrus waltz wander want warbler wardrobe warthog
washing water waterway wax wealth weasel weave web wedding weekday weekend welcome weld wetland wharf wheat wheel whisk
whiskers whisper wicker wide widget width wildlife will windfall windmill window windsock windy winter wisdom wombat wooden
woodland woodwind workshop world woven wreath wrench wriggle wrist yacht yearbook yes yoga yogurt yonder young yoyo yuletide
zebra zenith zeppelin zero zigzag zinc zircon zodiac zoo zucchini`.trim().split(/\s+/);
