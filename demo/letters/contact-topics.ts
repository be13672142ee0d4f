/**
 * What people write to the victims' commissioner about: what happened, and what they hope for. Never more than a reader
 * needs to know.
 */
type Topic = { readonly subject: string; readonly happened: readonly string[]; readonly hope: readonly string[] };

export const CONTACT_TOPICS: readonly Topic[] = [
  {
    subject: "no news of the case",
    happened: [
      "I gave my statement {months} months ago. Since then I have had one text message, which said that there was no update.",
      "The officer in my case has changed {times} times. Each new one introduces themselves and then I hear no more.",
      "I learned from the local newspaper that a man had been charged. Nobody had told me.",
    ],
    hope: [
      "To be told what is going on, even when nothing is.",
      "One person with a telephone number that is answered.",
      "That nobody else reads it in the paper first.",
    ],
  },
  {
    subject: "trial put off",
    happened: [
      "The trial has been moved for the {ordinal} time. I had taken leave, found somebody to mind the children, and been to see the room.",
      "On the morning of the hearing we were told in the corridor that there was no judge. The new date is next year.",
    ],
    hope: [
      "A date that holds.",
      "That somebody explains to the courts what it does to people to get ready and be sent home.",
      "To give my evidence by video so that I need not sit in that corridor again.",
    ],
  },
  {
    subject: "statement to the court",
    happened: [
      "I was never asked whether I wanted to make a personal statement. I found out that such a thing exists from a leaflet in the dentist's.",
      "I wrote a personal statement, and at the hearing nobody had it.",
    ],
    hope: [
      "That my words are put with the file.",
      "For everyone to be told of it at the start.",
      "I would like to read it out myself, if that is still possible.",
    ],
  },
  {
    subject: "support ended",
    happened: [
      "The support worker who has helped me since the spring is leaving and there is nobody to take her place.",
      "I was offered six telephone calls. I have had the six. It has been {weeks} weeks and I am still not going out after dark.",
      "The waiting list for counselling is {months} months. I was told to look on the internet.",
    ],
    hope: [
      "A few more calls, with the same person.",
      "Somewhere to go on a Sunday.",
      "That the service is paid for properly, so that the next person does not have to wait.",
    ],
  },
  {
    subject: "harassment",
    happened: [
      "Somebody I used to know keeps sending messages from new numbers. I block one and another comes.",
      "There is an order that says he may not come to {street}. He stands at the end of it, where the order stops.",
      "Things are left on my doorstep. Each of them is nothing, if you look at it by itself.",
    ],
    hope: [
      "That it is looked at as one thing and not as {times} small ones.",
      "To know what I should do when it happens, and whom to ring.",
      "To feel safe in my own kitchen.",
    ],
  },
  {
    subject: "burglary",
    happened: [
      "We were burgled while we were at a funeral. What they took is not worth much to anybody else.",
      "It is the second time this year. The lock had been changed after the first, as we were advised.",
    ],
    hope: [
      "A visit from somebody who can tell us what else to do about the back door.",
      "My wedding ring, but I know how unlikely that is.",
      "A word to say that it was not our fault.",
    ],
  },
  {
    subject: "fraud",
    happened: [
      "A man rang who said that he was from my bank. He was very patient with me. I lost £{pounds}.",
      "I answered an advertisement for a flat and paid a deposit for a place that does not exist.",
      "My husband, who is {old}, has been sending money to somebody he believes he is going to marry. He will not be told. I am his wife.",
    ],
    hope: [
      "That banks ring people back on the number they already have.",
      "Not to be made to feel stupid. I was a bookkeeper for thirty years.",
      "Somebody he might listen to.",
    ],
  },
  {
    subject: "hate crime",
    happened: [
      "They know what time our prayers end, and they wait at {spot}.",
      "My partner and I were followed off the tram and called names until we reached our door.",
      "My daughter uses a wheelchair. A group of boys think that it is funny to take hold of it.",
    ],
    hope: [
      "That the tram company keeps the pictures for longer than two days.",
      "A community officer whose name we know.",
      "For her to be asked what she would like. She has plenty of ideas.",
    ],
  },
  {
    subject: "compensation",
    happened: [
      "I applied for compensation for my injuries {months} months ago and was asked last week for a form that I sent at the very beginning.",
      "I was told that I cannot be compensated because of a fine that I had when I was {age}.",
    ],
    hope: [
      "A decision, either way.",
      "That the rule about old convictions is looked at.",
      "The cost of the glasses, at least. I cannot work without them.",
    ],
  },
  {
    subject: "bereaved by a road death",
    happened: [
      "My sister was killed on the road in {month}. The people who came to tell us were kind. Since then it has been letters with her name spelt wrongly.",
      "The driver is to be sentenced, and we were told that two of us may come. There are five of us.",
    ],
    hope: [
      "Five chairs.",
      "Her name spelt as she spelt it.",
      "To thank the two officers who came to our door, and to know who they were.",
    ],
  },
  {
    subject: "young victim",
    happened: [
      "My boy was robbed of his telephone and his coat at {spot}. He is {age}. He says that he is fine.",
      "Our daughter was asked to tell what happened {times} times, to {times} different people, before anybody thought to record it.",
    ],
    hope: [
      "Somebody nearer his own age for him to talk to.",
      "That children are asked once, and properly.",
      "A different way home, with lights.",
    ],
  },
  {
    subject: "thanks",
    happened: [
      "I only want to say thank you. The lady at the witness service sat with me for {hours} hours and shared her sandwiches.",
      "Things went well in our case and I thought that somebody ought to hear that too.",
    ],
    hope: [
      "That she knows how much it meant.",
      "That it is like this for everybody.",
      "Nothing more. Please keep going.",
    ],
  },
  {
    subject: "victim's code",
    happened: [
      "I asked for a review of the decision not to charge. I was told that I was out of time, though the letter had been sent to my old address.",
      "Nobody has ever told me what rights I have. I found the code by myself and read it in the library; not one of the twelve was kept.",
    ],
    hope: [
      "The review.",
      "That it is printed and given to people on the first day, in words that a tired person can read.",
      "An honest list of what was not done.",
    ],
  },
  {
    subject: "release from prison",
    happened: [
      "The man who hurt me is to be let out this spring. I know it because his cousin told my cousin.",
      "I joined the contact scheme so as to be told. The letter came {weeks} weeks after the day.",
    ],
    hope: [
      "To be told before, not after.",
      "That he may not come to this side of the river.",
      "To be asked which streets matter. I have a list; it is not long.",
    ],
  },
];

export const CONTACT_OPENINGS: readonly string[] = [
  "I have never written to anybody like this before.",
  "Somebody at the library told me about you.",
  "I hope that this is the right place.",
  "I am writing late at night, so please forgive mistakes.",
  "A friend is helping me with the English.",
  "I heard you on the radio and made a note of your name.",
  "It is a long story and I shall only tell the middle of it.",
  "I do not need an answer, but I should like somebody to know.",
];

export const CONTACT_MORE: readonly string[] = [
  "I have told my GP, who has been very good.",
  "My employer knows only part of it.",
  "The first officer was excellent. I wish I could have kept her.",
  "I keep a bag packed by the door. I know that is silly.",
  "There were forms to fill in for each of them, with the same questions.",
  "I went back to work after {weeks} weeks. People are kind and do not ask.",
  "I counted: it has been {times} letters, and each from a different office.",
  "The children do not know, and I would like it to stay that way.",
  "I was told that I was 'not a priority', and I can see that others have worse.",
  "My neighbour takes me shopping now, and I make her marmalade.",
  "On the bad days I walk round Millwater until it passes.",
  "I have learned more about the law than I ever wanted to know.",
  "I am not angry any more. I am mostly tired.",
  "When I rang I was on hold for {times} times as long as I was spoken to.",
];

/** What must be known to reach a person without danger, by the way in which the person is reached. */
export const SAFE_NOTES = {
  email: [
    "By e-mail, but please put nothing in the subject line.",
    "Do NOT ring the house. E-mail only; nobody else reads it.",
    "Please do not ring, whatever happens.",
    "I can only read it at the library, on Thursdays.",
  ],
  telephone: [
    "Please do not ring. Text first, and only between ten and two on weekdays.",
    "You may ring, but if a man answers say that it is the optician.",
    "No voicemail, please: it is played on a loudspeaker.",
    "After six in the evening, when I am on the bus.",
    "Any time. I live alone and like a chat.",
  ],
  post: [
    "Plain envelopes only. My post is opened.",
    "Please address it to 'The Occupier'.",
    "Do not ring. It is my daughter's address; she knows.",
  ],
  other: ["Do not ring my own number.", "She does not know why, so please only say that it is about the appointment."],
} as const;

/** Other ways, where none of the usual is safe. */
export const SAFE_WAYS: readonly string[] = [
  "Write to me care of the women's centre in Harrowmere. No post to my home, please.",
  "Only through my support worker, Bronagh, at the advice centre: 01632 960 733.",
  "Do not ring. Do not e-mail. I will ring you: please tell me when somebody is there.",
  "Ring my sister's number, 07700 900 411, and ask for 'Auntie'. She will fetch me.",
  "A note at the chemist's in Coldbeck, in an envelope with a blue stamp.",
  "My son's teacher will pass it on: office@thornaby-green-school.example",
];
