/** Where a statement can be looked up. */
export interface NoteSource {
  readonly title: string;
  readonly url?: string;
}

/** One sentence about a kind of insect, for people who have just seen it. */
export interface TaxonNote {
  /** Taxa, or ids of labels that stand for no single taxon. Also true of everything below these taxa. */
  readonly of: readonly [string, ...string[]];
  /** At most 160 characters each. */
  readonly en: string;
  readonly de: string;
  readonly source: NoteSource;
}

const doi = (title: string, id: string): NoteSource => ({ title, url: `https://doi.org/${id}` });
const book = (title: string): NoteSource => ({ title });

const BALL_MORRIS = book('Ball & Morris (2015): Britain’s Hoverflies. Princeton University Press');
const WESTRICH = book('Westrich (2018): Die Wildbienen Deutschlands. Ulmer');
const GOULSON = book(
  'Goulson (2010): Bumblebees. Behaviour, Ecology, and Conservation. Oxford University Press',
);
const CHINERY = book('Chinery (2012): Insects of Britain and Western Europe. Bloomsbury');
const BELLMANN = book('Bellmann (2018): Der Kosmos Insektenführer. Kosmos');
const BUTTERFLIES = book('Tolman & Lewington (2008): Collins Butterfly Guide. HarperCollins');
const MOTHS = book(
  'Waring, Townsend & Lewington (2017): Field Guide to the Moths of Great Britain and Ireland. Bloomsbury',
);
const DRAGONFLIES = book(
  'Dijkstra & Lewington (2006): Field Guide to the Dragonflies of Britain and Europe. British Wildlife Publishing',
);
const WASPS = book('Witt (2009): Wespen. Vademecum');
const LADYBIRDS = book(
  'Roy & Brown (2018): Field Guide to the Ladybirds of Great Britain and Ireland. Bloomsbury',
);
const EVOLUTION = book('Grimaldi & Engel (2005): Evolution of the Insects. Cambridge University Press');
const MIGRATION = doi(
  'Wotton et al. (2019): Mass seasonal migrations of hoverflies. Current Biology 29, 2167–2173',
  '10.1016/j.cub.2019.05.036',
);

/** What is written here is in our own words; the source says where to look it up. */
export const NOTES: readonly TaxonNote[] = [
  {
    of: ['Formicidae', 'drawn_ant'],
    en: 'About 20 quadrillion ants live on Earth; together they weigh more than all wild birds and mammals.',
    de: 'Auf der Erde leben rund 20 Billiarden Ameisen; zusammen wiegen sie mehr als alle wilden Vögel und Säugetiere.',
    source: doi(
      'Schultheiss et al. (2022): The abundance, biomass, and distribution of ants on Earth. PNAS 119, e2201550119',
      '10.1073/pnas.2201550119',
    ),
  },
  {
    of: ['bee', 'drawn_bee'],
    en: 'Most wild bees live alone: each female builds and provisions her own nest, often in the ground.',
    de: 'Die meisten Wildbienen leben allein: Jedes Weibchen baut und versorgt sein eigenes Nest, oft im Boden.',
    source: WESTRICH,
  },
  {
    of: ['Apis mellifera'],
    en: 'A honey bee tells others by a dance on the comb in which direction and how far away flowers are.',
    de: 'Mit einem Tanz auf der Wabe teilt die Honigbiene mit, in welcher Richtung und wie weit entfernt Blüten sind.',
    source: book('von Frisch (1967): The Dance Language and Orientation of Bees. Harvard University Press'),
  },
  {
    of: ['Bombus'],
    en: 'Bumblebees warm up by shivering their flight muscles, and so fly on days too cold for most other bees.',
    de: 'Hummeln heizen sich durch Zittern der Flugmuskeln auf und fliegen so auch, wenn es anderen Bienen zu kalt ist.',
    source: GOULSON,
  },
  {
    of: ['Bombus terrestris'],
    en: 'It bites holes into deep flowers to reach the nectar without touching the pollen.',
    de: 'Sie beißt Löcher in tiefe Blüten und kommt so an den Nektar, ohne den Pollen zu berühren.',
    source: GOULSON,
  },
  {
    of: ['Anthidium manicatum'],
    en: 'The male guards a patch of flowers and drives off other bees, even bumblebees, with the spines on its abdomen.',
    de: 'Das Männchen bewacht ein Blütenrevier und vertreibt mit den Dornen am Hinterleib andere Bienen, sogar Hummeln.',
    source: WESTRICH,
  },
  {
    of: ['Megachile sculpturalis'],
    en: 'This bee from East Asia was first found in Europe in 2008, in the south of France.',
    de: 'Diese Biene aus Ostasien wurde in Europa zuerst 2008 in Südfrankreich gefunden.',
    source: book(
      'Le Féon et al. (2018): Range expansion of the Asian native giant resin bee in France. Ecology and Evolution 8',
    ),
  },
  {
    of: ['Coleoptera', 'drawn_beetle'],
    en: 'About every fourth known species of animal is a beetle; their front wings are hard cases.',
    de: 'Etwa jede vierte bekannte Tierart ist ein Käfer; die Vorderflügel sind zu harten Deckeln geworden.',
    source: EVOLUTION,
  },
  {
    of: ['Coccinellidae', 'drawn_ladybird'],
    en: 'When in danger, ladybirds release a bitter yellow fluid from the joints of their legs.',
    de: 'Bei Gefahr geben Marienkäfer aus den Beingelenken eine bittere gelbe Flüssigkeit ab.',
    source: LADYBIRDS,
  },
  {
    of: ['Coccinella septempunctata'],
    en: 'Its number of spots does not tell its age: the seven spots stay the same all its life.',
    de: 'Die Zahl der Punkte verrät nicht das Alter: Die sieben Punkte bleiben ein Käferleben lang gleich.',
    source: LADYBIRDS,
  },
  {
    of: ['Harmonia axyridis'],
    en: 'Brought from Asia to control aphids, it has spread over much of Europe within two decades.',
    de: 'Zur Blattlausbekämpfung aus Asien geholt, hat er sich in zwei Jahrzehnten über weite Teile Europas ausgebreitet.',
    source: doi(
      'Roy et al. (2016): The harlequin ladybird, Harmonia axyridis. Biological Invasions 18, 997–1044',
      '10.1007/s10530-016-1077-6',
    ),
  },
  {
    of: ['Adalia bipunctata'],
    en: 'It comes in two main colour forms: red with two black spots, and black with red spots.',
    de: 'Es gibt ihn in zwei häufigen Farbformen: rot mit zwei schwarzen Punkten und schwarz mit roten Flecken.',
    source: LADYBIRDS,
  },
  {
    of: ['Propylea quatuordecimpunctata'],
    en: 'Its black spots are rectangular and often run together, which gives it a chequered look.',
    de: 'Seine schwarzen Flecken sind eckig und fließen oft zusammen; das erinnert an ein Schachbrett.',
    source: LADYBIRDS,
  },
  {
    of: ['Oedemera'],
    en: 'In several species the males have swollen hind thighs; the adults eat pollen.',
    de: 'Bei mehreren Arten haben die Männchen verdickte Hinterschenkel; die Käfer fressen Pollen.',
    source: CHINERY,
  },
  {
    of: ['Cetonia aurata'],
    en: 'It flies with closed wing cases: the hind wings unfold through a notch at their sides.',
    de: 'Er fliegt mit geschlossenen Flügeldecken: Die Hinterflügel entfalten sich durch eine Aussparung an der Seite.',
    source: BELLMANN,
  },
  {
    of: ['Oxythyrea funesta'],
    en: 'A beetle of warm regions, it has become common north of the Alps only in recent decades.',
    de: 'Ein wärmeliebender Käfer, der nördlich der Alpen erst in den letzten Jahrzehnten häufig geworden ist.',
    source: BELLMANN,
  },
  {
    of: ['Rhagonycha fulva'],
    en: 'In high summer, pairs of this soldier beetle are a usual sight on umbels; the larvae hunt on the ground.',
    de: 'Im Hochsommer sitzt er oft in Paaren auf Doldenblüten; die Larven jagen am Boden.',
    source: CHINERY,
  },
  {
    of: ['Rutpela maculata'],
    en: 'Its larvae feed in rotting wood; the beetle visits flowers in summer and wears the colours of a wasp.',
    de: 'Die Larven leben in morschem Holz; der Käfer besucht im Sommer Blüten und trägt die Farben einer Wespe.',
    source: CHINERY,
  },
  {
    of: ['Lucanus cervus'],
    en: 'Its larvae live for several years in rotting wood; the beetle itself lives only for some weeks in summer.',
    de: 'Die Larven leben mehrere Jahre in morschem Holz, der Käfer selbst nur einige Wochen im Sommer.',
    source: BELLMANN,
  },
  {
    of: ['Leptinotarsa decemlineata'],
    en: 'It comes from North America, and feeds there, too, on plants of the nightshade family.',
    de: 'Er stammt aus Nordamerika und frisst auch dort Nachtschattengewächse.',
    source: BELLMANN,
  },
  {
    of: ['Hemiptera'],
    en: 'True bugs and their relatives have a beak for sucking: some drink plant sap, others hunt.',
    de: 'Wanzen und ihre Verwandten haben einen Saugrüssel: Die einen trinken Pflanzensaft, andere jagen.',
    source: CHINERY,
  },
  {
    of: ['Graphosoma italicum', 'Graphosoma lineatum'],
    en: 'It sits in the open on umbels: its stripes warn birds that it tastes bad.',
    de: 'Sie sitzt offen auf Doldenblütlern: Ihre Streifen warnen Vögel, dass sie schlecht schmeckt.',
    source: BELLMANN,
  },
  {
    of: ['Pyrrhocoris apterus'],
    en: 'Firebugs gather under limes and mallows, whose seeds they suck; most of them cannot fly.',
    de: 'Feuerwanzen sammeln sich unter Linden und Malven, an deren Samen sie saugen; die meisten können nicht fliegen.',
    source: BELLMANN,
  },
  {
    of: ['Palomena prasina'],
    en: 'It is bright green in summer and turns brown before it hibernates.',
    de: 'Im Sommer ist sie leuchtend grün; vor dem Winter färbt sie sich braun.',
    source: CHINERY,
  },
  {
    of: ['Halyomorpha halys'],
    en: 'It came from East Asia; in autumn it enters houses to spend the winter.',
    de: 'Sie stammt aus Ostasien und kommt im Herbst in Häuser, um dort zu überwintern.',
    source: BELLMANN,
  },
  {
    of: ['Coreus marginatus'],
    en: 'It lives mainly on docks and sorrels, and is found from spring to autumn.',
    de: 'Sie lebt vor allem an Ampfer und ist vom Frühjahr bis zum Herbst zu finden.',
    source: CHINERY,
  },
  {
    of: ['Diptera', 'fly'],
    en: 'Flies have only two wings: the hind pair has become small clubs that keep them steady in flight.',
    de: 'Fliegen haben nur zwei Flügel: Das hintere Paar ist zu Kölbchen geworden, die den Flug stabilisieren.',
    source: EVOLUTION,
  },
  {
    of: ['fly_small'],
    en: 'Many of the smallest flies and midges visit flowers as well, and carry pollen from one to the next.',
    de: 'Auch viele der kleinsten Fliegen und Mücken besuchen Blüten und tragen Pollen weiter.',
    source: doi(
      'Orford, Vaughan & Memmott (2015): The forgotten flies. Proceedings of the Royal Society B 282, 20142934',
      '10.1098/rspb.2014.2934',
    ),
  },
  {
    of: ['Empis livida'],
    en: 'The male brings the female an insect as a gift, which she sucks out while they mate.',
    de: 'Das Männchen bringt dem Weibchen ein erbeutetes Insekt mit, das es während der Paarung aussaugt.',
    source: CHINERY,
  },
  {
    of: ['Sarcophagidae'],
    en: 'Most flesh flies lay no eggs: they drop living larvae, many on carrion, others into the nests of wasps and bees.',
    de: 'Die meisten Fleischfliegen legen keine Eier, sondern Larven: viele an Aas, andere in Nester von Wespen und Bienen.',
    source: CHINERY,
  },
  {
    of: ['Scathophaga stercoraria'],
    en: 'The males wait on fresh dung for females; the adult flies hunt other insects.',
    de: 'Die Männchen warten auf frischem Dung auf Weibchen; die erwachsenen Fliegen jagen andere Insekten.',
    source: CHINERY,
  },
  {
    of: ['Bombylius major'],
    en: 'Its larvae live on those of solitary bees; the female flicks her eggs towards the nest entrances in flight.',
    de: 'Die Larven leben von denen solitärer Bienen; das Weibchen schleudert die Eier im Flug zu deren Nesteingängen.',
    source: WESTRICH,
  },
  {
    of: ['Lucilia sericata'],
    en: 'Its maggots clean wounds: doctors use them to this day where wounds heal badly.',
    de: 'Ihre Maden reinigen Wunden: Bei schlecht heilenden Wunden werden sie bis heute in der Medizin eingesetzt.',
    source: doi(
      'Sherman (2009): Maggot therapy takes us back to the future of wound care. J. Diabetes Sci. Technol. 3, 336–344',
      '10.1177/193229680900300215',
    ),
  },
  {
    of: ['Syrphidae', 'drawn_hoverfly'],
    en: 'Many hoverflies look like bees or wasps, but none can sting; they can stand still in the air.',
    de: 'Viele Schwebfliegen sehen aus wie Bienen oder Wespen, doch keine kann stechen; sie können in der Luft stehen.',
    source: BALL_MORRIS,
  },
  {
    of: ['Episyrphus balteatus'],
    en: 'Every autumn great numbers migrate south; its larvae eat aphids by the hundred.',
    de: 'Jeden Herbst wandern sehr viele nach Süden; die Larven fressen Hunderte Blattläuse.',
    source: MIGRATION,
  },
  {
    of: ['Eupeodes corollae'],
    en: 'It is one of the hoverflies that migrate between southern and northern Europe in huge numbers.',
    de: 'Sie gehört zu den Schwebfliegen, die in riesiger Zahl zwischen Süd- und Nordeuropa wandern.',
    source: MIGRATION,
  },
  {
    of: ['Eristalis'],
    en: 'Its larvae live in muddy water and breathe through a tube that stretches like a telescope.',
    de: 'Die Larven leben in schlammigem Wasser und atmen durch ein Rohr, das sich wie ein Teleskop ausfahren lässt.',
    source: BALL_MORRIS,
  },
  {
    of: ['Eristalis tenax'],
    en: 'It looks so much like a honey bee that it may be behind the ancient tale of bees born from dead oxen.',
    de: 'Sie gleicht der Honigbiene so sehr, dass die antike Sage von Bienen aus toten Rindern auf sie zurückgehen könnte.',
    source: book(
      'Osten Sacken (1894): On the Oxen-born Bees of the Ancients (Bugonia). Hoerning, Heidelberg',
    ),
  },
  {
    of: ['Myathropa florea'],
    en: 'The marks on its back recall a skull, or the sign of Batman; its larvae live in wet hollows of trees.',
    de: 'Die Zeichnung auf dem Rücken erinnert an einen Totenkopf; die Larven leben in nassen Baumhöhlen.',
    source: BALL_MORRIS,
  },
  {
    of: ['Sphaerophoria'],
    en: 'In the males of the most common species, S. scripta, the slender abdomen is longer than the wings.',
    de: 'Bei den Männchen der häufigsten Art, S. scripta, ist der schlanke Hinterleib länger als die Flügel.',
    source: BALL_MORRIS,
  },
  {
    of: ['Syrphus'],
    en: 'The larvae eat aphids; the species of this genus can hardly be told apart in a picture.',
    de: 'Die Larven fressen Blattläuse; die Arten dieser Gattung sind auf Bildern kaum zu unterscheiden.',
    source: BALL_MORRIS,
  },
  {
    of: ['Syritta pipiens'],
    en: 'It has strikingly thick hind legs and flies low from flower to flower; the larvae live in dung and compost.',
    de: 'Sie hat auffällig dicke Hinterbeine und fliegt niedrig von Blüte zu Blüte; die Larven leben in Mist und Kompost.',
    source: BALL_MORRIS,
  },
  {
    of: ['Lepidoptera', 'drawn_butterfly'],
    en: 'Butterflies and moths have wings covered with tiny scales, which give them their colours.',
    de: 'Die Flügel der Schmetterlinge sind von winzigen Schuppen bedeckt, die ihnen die Farben geben.',
    source: CHINERY,
  },
  {
    of: ['Aglais io'],
    en: 'Disturbed at rest, it opens its wings: the sudden eyespots scare birds away.',
    de: 'Wird es gestört, öffnet es die Flügel: Die plötzlichen Augenflecken schrecken Vögel ab.',
    source: doi(
      'Vallin et al. (2005): Prey survival by predator intimidation. Proc. R. Soc. B 272, 1203–1207',
      '10.1098/rspb.2004.3034',
    ),
  },
  {
    of: ['Aglais urticae'],
    en: 'Its caterpillars live on nettles; the butterfly hibernates, often in sheds and attics.',
    de: 'Die Raupen leben an Brennnesseln; der Falter überwintert, oft in Schuppen und auf Dachböden.',
    source: BUTTERFLIES,
  },
  {
    of: ['Vanessa cardui'],
    en: 'In several generations it travels between tropical Africa and northern Europe, and back.',
    de: 'Über mehrere Generationen wandert er zwischen dem tropischen Afrika und Nordeuropa hin und zurück.',
    source: doi(
      'Stefanescu et al. (2013): Multi-generational long-distance migration of insects. Ecography 36, 474–486',
      '10.1111/j.1600-0587.2012.07738.x',
    ),
  },
  {
    of: ['Vanessa atalanta'],
    en: 'A migrant that flies in from the south in spring; in autumn it likes fallen fruit.',
    de: 'Ein Wanderfalter, der im Frühjahr aus dem Süden einfliegt; im Herbst saugt er gern an Fallobst.',
    source: BUTTERFLIES,
  },
  {
    of: ['Gonepteryx rhamni'],
    en: 'It lives for almost a year, and spends the winter as a butterfly in the open, among leaves.',
    de: 'Er wird fast ein Jahr alt und überwintert als Falter im Freien zwischen Blättern.',
    source: BUTTERFLIES,
  },
  {
    of: ['Polygonia c-album'],
    en: 'It is named for the small white C on the underside of its ragged wings.',
    de: 'Seinen Namen hat er vom kleinen weißen C auf der Unterseite der gezackten Flügel.',
    source: BUTTERFLIES,
  },
  {
    of: ['Papilio machaon'],
    en: 'Its caterpillars feed on wild carrot, fennel and dill, and put out an orange fork when they are touched.',
    de: 'Die Raupen fressen Wilde Möhre, Fenchel und Dill; bei Berührung stülpen sie eine orange Gabel aus.',
    source: BUTTERFLIES,
  },
  {
    of: ['Pieris brassicae'],
    en: 'The female lays her yellow eggs in batches; the caterpillars feed together on cabbage and its relatives.',
    de: 'Das Weibchen legt die gelben Eier in Gruppen ab; die Raupen fressen gemeinsam an Kohl und seinen Verwandten.',
    source: BUTTERFLIES,
  },
  {
    of: ['Pieris rapae'],
    en: 'People have carried it from Europe to North America, Australia and New Zealand, where it eats cabbage, too.',
    de: 'Menschen haben ihn nach Nordamerika, Australien und Neuseeland verschleppt; auch dort frisst er Kohl.',
    source: doi(
      'Ryan et al. (2019): Global invasion history of the agricultural pest butterfly Pieris rapae. PNAS 116, 20015–20024',
      '10.1073/pnas.1907492116',
    ),
  },
  {
    of: ['Pieris napi'],
    en: 'On the underside of its hind wings the veins are dusted with dark scales.',
    de: 'Auf der Unterseite der Hinterflügel sind die Adern dunkel bestäubt.',
    source: BUTTERFLIES,
  },
  {
    of: ['Anthocharis cardamines'],
    en: 'Only the male has orange wing tips; the butterfly flies for a few weeks in spring.',
    de: 'Nur das Männchen hat orange Flügelspitzen; der Falter fliegt einige Wochen im Frühjahr.',
    source: BUTTERFLIES,
  },
  {
    of: ['Araschnia levana'],
    en: 'Its two generations look like different species: orange in spring, black and white in summer.',
    de: 'Die beiden Generationen sehen aus wie zwei Arten: im Frühjahr orange, im Sommer schwarz-weiß.',
    source: BUTTERFLIES,
  },
  {
    of: ['Maniola jurtina'],
    en: 'One of the most common butterflies of European meadows; its caterpillars feed on grasses.',
    de: 'Einer der häufigsten Tagfalter auf europäischen Wiesen; die Raupen fressen Gräser.',
    source: BUTTERFLIES,
  },
  {
    of: ['Melanargia galathea'],
    en: 'The female lets her eggs fall into the grass in flight.',
    de: 'Das Weibchen lässt die Eier im Flug ins Gras fallen.',
    source: BUTTERFLIES,
  },
  {
    of: ['Pararge aegeria'],
    en: 'The male defends a patch of sunlight in the wood, circling up with any rival that enters it.',
    de: 'Das Männchen verteidigt einen Sonnenfleck im Wald; Rivalen wirbelt es in Kreisen entgegen.',
    source: BUTTERFLIES,
  },
  {
    of: ['Lasiommata megera'],
    en: 'It likes to bask on bare ground, stones and walls, which is where its name comes from.',
    de: 'Er sonnt sich gern auf nacktem Boden, Steinen und Mauern; daher hat er seinen Namen.',
    source: BUTTERFLIES,
  },
  {
    of: ['Coenonympha pamphilus'],
    en: 'At rest its wings are always closed, so that only the underside with one small eyespot shows.',
    de: 'In Ruhe sind die Flügel stets geschlossen: Zu sehen ist nur die Unterseite mit einem kleinen Augenfleck.',
    source: BUTTERFLIES,
  },
  {
    of: ['Aphantopus hyperantus'],
    en: 'Fresh ones are almost black above; the underside has rows of rings with a pale centre.',
    de: 'Frische Falter sind oben fast schwarz; unten tragen sie Reihen heller Ringe.',
    source: BUTTERFLIES,
  },
  {
    of: ['Polyommatus icarus'],
    en: 'Only the male is blue all over; the caterpillars live on clovers and are tended by ants.',
    de: 'Nur das Männchen ist ganz blau; die Raupen leben an Kleearten und werden von Ameisen umsorgt.',
    source: BUTTERFLIES,
  },
  {
    of: ['Celastrina argiolus'],
    en: 'Unlike most blues it flies high along hedges and trees, and lays its eggs on flower buds.',
    de: 'Anders als die meisten Bläulinge fliegt er hoch an Hecken und Bäumen; die Eier legt er an Blütenknospen.',
    source: BUTTERFLIES,
  },
  {
    of: ['Lycaena phlaeas'],
    en: 'The small male is a bold defender of its territory; its caterpillars feed on sorrels.',
    de: 'Das kleine Männchen verteidigt sein Revier mutig; die Raupen fressen Ampfer.',
    source: BUTTERFLIES,
  },
  {
    of: ['Argynnis paphia'],
    en: 'The female lays her eggs on the bark of trees; in spring the caterpillars climb down to the violets.',
    de: 'Das Weibchen legt die Eier an Baumrinde; im Frühjahr klettern die Raupen zu den Veilchen hinab.',
    source: BUTTERFLIES,
  },
  {
    of: ['Iphiclides podalirius'],
    en: 'It glides more than it flaps; its caterpillars feed on sloe and other fruit trees.',
    de: 'Er segelt mehr, als er flattert; die Raupen fressen an Schlehe und anderen Obstgehölzen.',
    source: BUTTERFLIES,
  },
  {
    of: ['Ochlodes sylvanus'],
    en: 'At rest it holds its front and hind wings at different angles, as many skippers do.',
    de: 'In Ruhe hält er Vorder- und Hinterflügel in verschiedenen Winkeln, wie viele Dickkopffalter.',
    source: BUTTERFLIES,
  },
  {
    of: ['Colias croceus'],
    en: 'A fast migrant from the Mediterranean; in good years it is seen as far north as Scandinavia.',
    de: 'Ein schneller Wanderfalter vom Mittelmeer; in guten Jahren kommt er bis nach Skandinavien.',
    source: BUTTERFLIES,
  },
  {
    of: ['Macroglossum stellatarum'],
    en: 'It hovers before flowers like a hummingbird, and drinks with a proboscis as long as its body.',
    de: 'Es schwirrt wie ein Kolibri vor Blüten und trinkt mit einem Rüssel, der etwa so lang ist wie sein Körper.',
    source: MOTHS,
  },
  {
    of: ['Autographa gamma'],
    en: 'A migrant that flies by day and by night; the silver mark on its wings looks like the letter gamma.',
    de: 'Ein Wanderfalter, der bei Tag und Nacht fliegt; das silberne Zeichen auf den Flügeln gleicht einem Gamma.',
    source: MOTHS,
  },
  {
    of: ['Tyria jacobaeae'],
    en: 'Its yellow and black caterpillars feed on ragwort and keep the poison of the plant.',
    de: 'Die gelb-schwarzen Raupen fressen Jakobskreuzkraut und behalten das Gift der Pflanze.',
    source: MOTHS,
  },
  {
    of: ['Biston betularia'],
    en: 'A classic of evolution: dark ones spread where soot blackened the trees, and declined with cleaner air.',
    de: 'Ein Klassiker der Evolution: Dunkle wurden häufig, wo Ruß die Bäume schwärzte, und selten mit sauberer Luft.',
    source: doi(
      'Cook & Saccheri (2013): The peppered moth and industrial melanism. Heredity 110, 207–212',
      '10.1038/hdy.2012.92',
    ),
  },
  {
    of: ['Euplagia quadripunctaria'],
    en: 'When it flies up it shows bright red hind wings; it is fond of the flowers of hemp-agrimony.',
    de: 'Fliegt er auf, leuchten seine roten Hinterflügel; gern saugt er an Wasserdost.',
    source: MOTHS,
  },
  {
    of: ['Noctua pronuba'],
    en: 'At rest it is brown and hard to see; in flight its orange hind wings flash.',
    de: 'In Ruhe ist sie braun und kaum zu sehen; im Flug blitzen die orangen Hinterflügel auf.',
    source: MOTHS,
  },
  {
    of: ['Cydalima perspectalis'],
    en: 'It came to Europe from East Asia about 2006; its caterpillars strip box hedges bare.',
    de: 'Er kam um 2006 aus Ostasien nach Europa; die Raupen fressen Buchsbaum kahl.',
    source: book(
      'Leuthardt, Billen & Baur (2010): Ausbreitung des Buchsbaumzünslers Diaphania perspectalis in der Region Basel. Entomo Helvetica 3',
    ),
  },
  {
    of: ['Panorpa'],
    en: 'The tail of the male looks like a scorpion’s sting, and is harmless: it holds the female when they mate.',
    de: 'Das Hinterleibsende des Männchens gleicht einem Skorpionstachel und ist harmlos: Es hält das Weibchen fest.',
    source: CHINERY,
  },
  {
    of: ['wasp', 'drawn_wasp'],
    en: 'Social wasps hunt flies and caterpillars for their larvae; they themselves live on sweet juices.',
    de: 'Soziale Wespen jagen für ihre Larven Fliegen und Raupen; sie selbst leben von süßen Säften.',
    source: WASPS,
  },
  {
    of: ['Vespula germanica', 'Vespula vulgaris'],
    en: 'It builds its nest from chewed wood, mostly underground; only the young queens survive the winter.',
    de: 'Sie baut ihr Nest aus zerkautem Holz, meist unter der Erde; nur die jungen Königinnen überleben den Winter.',
    source: WASPS,
  },
  {
    of: ['Vespa crabro'],
    en: 'The largest wasp of Central Europe is peaceful away from its nest, and hunts at night, too.',
    de: 'Die größte Wespe Mitteleuropas ist abseits ihres Nestes friedlich und jagt auch nachts.',
    source: WASPS,
  },
  {
    of: ['Polistes dominula'],
    en: 'Its paper nest has a single open comb without a cover; in flight its long legs hang down.',
    de: 'Ihr Papiernest besteht aus einer offenen Wabe ohne Hülle; im Flug hängen die langen Beine herab.',
    source: WASPS,
  },
  {
    of: ['Sympetrum striolatum'],
    en: 'Pairs drop their eggs into the water together, in flight; the dragonfly is seen until November.',
    de: 'Die Paare legen ihre Eier gemeinsam im Flug ins Wasser ab; die Libelle ist bis in den November zu sehen.',
    source: DRAGONFLIES,
  },
  {
    of: ['Sympetrum sanguineum'],
    en: 'Only the mature males are blood-red, and their legs are entirely black.',
    de: 'Nur die reifen Männchen sind blutrot; die Beine sind ganz schwarz.',
    source: DRAGONFLIES,
  },
  {
    of: ['Aeshna cyanea'],
    en: 'It hunts far from water, too, and often looks at people from close by.',
    de: 'Sie jagt auch fern vom Wasser und betrachtet Menschen oft aus der Nähe.',
    source: DRAGONFLIES,
  },
  {
    of: ['Anax imperator'],
    en: 'One of the largest dragonflies of Europe: it hunts in flight and hardly ever sits down.',
    de: 'Eine der größten Libellen Europas: Sie jagt im Flug und setzt sich nur selten.',
    source: DRAGONFLIES,
  },
  {
    of: ['Ischnura elegans'],
    en: 'One of the most common damselflies of Europe, also at ponds that suit few others.',
    de: 'Eine der häufigsten Kleinlibellen Europas, auch an Teichen, die kaum einer anderen genügen.',
    source: DRAGONFLIES,
  },
  {
    of: ['Calopteryx splendens'],
    en: 'The males court with their dark-banded wings along slow streams and rivers.',
    de: 'Die Männchen balzen mit ihren dunkel gebänderten Flügeln an langsamen Bächen und Flüssen.',
    source: DRAGONFLIES,
  },
  {
    of: ['Mantis religiosa'],
    en: 'It waits without moving and strikes within a fraction of a second with its grasping front legs.',
    de: 'Sie lauert reglos und schlägt in Sekundenbruchteilen mit den Fangbeinen zu.',
    source: BELLMANN,
  },
  {
    of: ['Tettigonia viridissima'],
    en: 'The male sings from high summer on, often from bushes and trees and until late at night.',
    de: 'Das Männchen singt ab dem Hochsommer, oft aus Büschen und Bäumen und bis spät in die Nacht.',
    source: BELLMANN,
  },
  {
    of: ['Forficula auricularia'],
    en: 'The mother guards her eggs and keeps them clean until the young can feed by themselves.',
    de: 'Die Mutter bewacht ihre Eier und hält sie sauber, bis die Jungen selbst fressen können.',
    source: CHINERY,
  },
];
