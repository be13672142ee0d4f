/** People who wrote more than once and not the same way each time: the list of affected people must find them. */
type Repeated = { readonly spellings: readonly { readonly name: string; readonly email: string | null }[] };

export const REPEATED: readonly Repeated[] = [
  {
    spellings: [
      { name: "Catherine Llewellyn", email: "c.llewellyn@mail.example" },
      { name: "Katherine Llewelyn", email: "C.Llewellyn@Mail.example" },
      { name: "Cath Llewellyn (Mrs)", email: null },
    ],
  },
  {
    spellings: [
      { name: "Muhammad Tahir Qureshi", email: "tahirq@postbox.example" },
      { name: "Mohammed Tahir Qureishi", email: "tahirq@postbox.example" },
      { name: "M T Qureshi", email: "tahir.qureshi@homepost.example" },
    ],
  },
  {
    spellings: [
      { name: "Siobhán Ní-Bhriain", email: "siobhan.nib@letters.example" },
      { name: "Siobhan O'Brien-Kilbride", email: "siobhan.nib@letters.example" },
    ],
  },
  {
    spellings: [
      { name: "Agnieszka Wójcik", email: "aga.wojcik@inbox.example" },
      { name: "Agnieszka Wojcik", email: "aga.wojcik@inbox.example" },
      { name: "Aga Wojcik", email: "aga.wojcik+police@inbox.example" },
    ],
  },
  {
    spellings: [
      { name: "Jonathan Thistlewood", email: "jon@thistlewood.example" },
      { name: "Jon Thistlewood", email: "jon@thistlewood.example" },
      { name: "THISTLEWOOD, Jonathan P.", email: "jon@thistlewood.example" },
    ],
  },
  {
    spellings: [
      { name: "Nguyen Thi-Hoa", email: "hoa.nguyen@quickmail.example" },
      { name: "Thi-Hoa Nguyen", email: "hoa.nguyen@quickmail.example" },
    ],
  },
];
