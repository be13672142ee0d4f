/**
 * Places that do not exist: the city of Harrowmere and the country around it. HW is not a postcode area of the United
 * Kingdom.
 */
type Town = { readonly town: string; readonly area: string };

export const TOWNS: readonly Town[] = [
  { town: "Harrowmere", area: "HW1" },
  { town: "Harrowmere", area: "HW2" },
  { town: "Harrowmere", area: "HW3" },
  { town: "Harrowmere", area: "HW4" },
  { town: "Upper Tarnwick", area: "HW5" },
  { town: "Coldbeck", area: "HW6" },
  { town: "St Aldwyn's Cross", area: "HW7" },
  { town: "Brackenholt", area: "HW8" },
  { town: "Lower Sallow", area: "HW9" },
  { town: "Ferryhythe", area: "HW10" },
  { town: "Quarrendon Moor", area: "HW11" },
  { town: "Millwater", area: "HW12" },
  { town: "Thornaby Green", area: "HW13" },
  { town: "Ashenden-on-the-Water", area: "HW14" },
];

export const STREETS: readonly string[] = [
  "Almshouse Row",
  "Bellfounder Street",
  "Canal Terrace",
  "Dyer's Yard",
  "Elderflower Close",
  "Foundry Lane",
  "Granary Court",
  "Hatters Hill",
  "Ironmonger Walk",
  "Jubilee Crescent",
  "Kiln Road",
  "Lamplighter Way",
  "Mercers Bank",
  "Nailmakers Rise",
  "Orchard View",
  "Packhorse Lane",
  "Quayside Mews",
  "Ropewalk",
  "Saddlers Drive",
  "Tannery Street",
  "Union Place",
  "Viaduct Road",
  "Weavers Green",
  "Yew Tree Avenue",
  "Chandler Street",
  "Magpie Lane",
  "Old Tram Depot",
  "Signal Box Lane",
];

export const COUNTIES: readonly string[] = ["Harrowshire", "County of Harrowmere", "Mereland"];

/** Flats and houses; `#` becomes a number. */
export const DWELLINGS: readonly string[] = [
  "#",
  "#",
  "#",
  "#",
  "#a",
  "Flat #, Tallis House,",
  "Flat #, Marlowe Court,",
  "The Old Bakery, #",
  "Room #, Northgate Hostel,",
];

/** Where things happen in the letters. */
export const SPOTS: readonly string[] = [
  "the bus station in Harrowmere",
  "the retail park at Coldbeck",
  "the underpass by Canal Terrace",
  "the market square in Brackenholt",
  "the car park behind the library",
  "Ferryhythe railway station",
  "the towpath near Millwater lock",
  "the corner of Kiln Road and Ropewalk",
  "the park at Weavers Green",
  "outside the Lamplighter pub",
  "the hospital entrance in Upper Tarnwick",
  "the community centre at Lower Sallow",
  "the tram stop at Viaduct Road",
  "our own front garden",
  "the school gates in Thornaby Green",
  "the allotments at Quarrendon Moor",
];

/** Invented mail providers; `.example` can never be registered (RFC 2606). */
export const MAIL_HOSTS: readonly string[] = [
  "mail.example",
  "postbox.example",
  "inbox.example",
  "letters.example",
  "harrownet.example",
  "quickmail.example",
  "tarnwick-college.example",
  "homepost.example",
];
