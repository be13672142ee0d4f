/**
 * What complaints against the police were about, in the words of those who wrote. `{spot}` and the like are filled when
 * drawn.
 */
type Topic = { readonly subject: string; readonly happened: readonly string[]; readonly more: readonly string[] };

export const COMPLAINT_TOPICS: readonly Topic[] = [
  {
    subject: "stop and search",
    happened: [
      "My son, who is {age}, was stopped and searched at {spot} on his way home from band practice. Nothing was found and he was given no record of the search.",
      "I was stopped at {spot} for the third time in {weeks} weeks. Each time I was told that I fitted a description, and each time nothing was found.",
      "I was searched at {spot} in front of people I work with. I asked which power was being used and was told to stop being difficult.",
    ],
    more: [
      "He was carrying a trumpet case, and the officer opened it on the wet pavement.",
      "I asked for a slip with the reason written on it. The officer said the system was down and that I could apply for one.",
      "I have kept a diary of the dates and the numbers on the officers' shoulders.",
    ],
  },
  {
    subject: "slow response",
    happened: [
      "I rang 101 {times} times about people trying the doors of parked cars on {street}. Nobody came, and two cars were taken that night.",
      "When my neighbour was being shouted at through her letter box I dialled 999. It took {hours} hours before anyone arrived, and by then she had gone to stay with her sister.",
      "I reported a break-in at the shop while it was still going on. I was given a crime number and told that a unit would attend. No unit attended.",
    ],
    more: [
      "I have the call times on my telephone bill.",
      "The operator was kind, and my complaint is not about her.",
      "We sat with the lights off until it got light.",
    ],
  },
  {
    subject: "property not returned",
    happened: [
      "My laptop and two telephones were taken as evidence in a matter where I was only a witness. That was {months} months ago and I still do not have them back.",
      "The police kept my late father's watch after the inquest. I have asked for it {times} times and have been sent to three different buildings.",
      "A bicycle that I could prove was mine was found, stored, and then sold at auction before I was told that it had been found.",
    ],
    more: [
      "All my photographs of the children when small are on that laptop.",
      "The last person I spoke to could not find any record of the property number.",
      "I was told that the officer in the case had retired.",
    ],
  },
  {
    subject: "rudeness",
    happened: [
      "The officer who came to take my statement spoke to my carer as though I were not in the room. I am deaf, not absent.",
      "At the front desk I was told, in front of a queue, to come back when I had learned to speak properly. I have lived here for {years} years.",
      "The officer laughed when I explained why I was frightened of the dog next door.",
    ],
    more: [
      "I had asked for a British Sign Language interpreter when I made the appointment.",
      "Two people in the queue gave me their names and said they would speak for me.",
      "I know that officers have hard days. So do the people they meet.",
    ],
  },
  {
    subject: "case closed",
    happened: [
      "My case was closed after {days} days without anybody having looked at the camera on the shop opposite. The shopkeeper had offered the recording twice.",
      "I was told by text message that the investigation into the theft of my van was over. Nobody had ever come to see where it was taken from.",
      "The file says that I did not wish to go on. I never said that; I said that I did not wish to go to court on my own.",
    ],
    more: [
      "The recording has since been wiped.",
      "All my tools were in the van. I have been out of work since.",
      "I would have liked to be asked.",
    ],
  },
  {
    subject: "search of a home",
    happened: [
      "Officers came into my flat on {street} at six in the morning with a warrant for the flat above. My door has still not been mended.",
      "During a search of our house an officer walked through the prayer room in boots although my mother had asked, politely, for a moment to lay down a sheet.",
      "A search was made of my house when only my daughter, aged {age}, was at home. No adult was called until it was over.",
    ],
    more: [
      "The landlord says that the police must pay, and the police say the landlord must.",
      "I have photographs of the door frame and two estimates.",
      "Nobody left a paper to say who they were.",
    ],
  },
  {
    subject: "protest",
    happened: [
      "I was held for {hours} hours inside a line of officers at {spot} during a march that had been agreed with the council. I have diabetes and asked several times to be let out.",
      "My placard was taken and broken. I was told that I could have it back at the station, and then that it had never existed.",
    ],
    more: [
      "A medic from the ambulance service asked on my behalf and was turned away.",
      "There is film of this from at least three telephones.",
      "I was standing with my choir.",
    ],
  },
  {
    subject: "road collision",
    happened: [
      "After I was knocked off my bicycle at {spot} the officer took the driver's account and not mine, because I was in the ambulance. Nobody came to the hospital afterwards.",
      "The report of the collision has my car going the wrong way along {street}. It is a one-way street and I was going the right way.",
    ],
    more: [
      "The insurer will only accept the police report.",
      "I wrote to ask for the report to be put right and had a printed card back.",
      "I can draw the junction if that helps.",
    ],
  },
  {
    subject: "custody",
    happened: [
      "I was kept overnight without my inhaler. I told three different people that I needed it.",
      "My brother has a learning disability and was interviewed without an appropriate adult. He agreed with everything that was put to him, as he does with everybody.",
      "I was released from custody at three in the morning, {miles} miles from home, without my telephone or my shoes.",
    ],
    more: [
      "The custody record says that I declined food. I was not offered any that I may eat.",
      "A kind member of staff gave me her own cardigan. I would like her to be thanked.",
      "He still asks me whether the police are coming back.",
    ],
  },
  {
    subject: "data",
    happened: [
      "A letter about my case, with my new address in it, was sent to the address that I had left. The person I had left still lives there.",
      "An officer told my employer that I was 'helping with enquiries'. I was a witness to a traffic accident.",
      "My record shows a caution that belongs to a man with the same name and another date of birth.",
    ],
    more: [
      "I had to move again, at my own cost.",
      "I lost {weeks} weeks of shifts before it was cleared up.",
      "It was put right once, and then it came back.",
    ],
  },
  {
    subject: "neighbour dispute",
    happened: [
      "For {months} months I have reported threats from the man downstairs. Every time another officer comes, and every time I begin again from the beginning.",
      "The officers spoke only to the neighbours and then gave me a warning, without having asked me a single question.",
    ],
    more: [
      "I have a log of {times} incidents with dates.",
      "My housing association says that it cannot act without the police, and the police say the opposite.",
      "I sleep at my sister's when I can.",
    ],
  },
  {
    subject: "force used",
    happened: [
      "My {age}-year-old nephew was handcuffed at {spot} although he had stopped when he was told to. He has marks on both wrists.",
      "I was pushed to the ground from behind when I turned round to pick up my shopping. I am {old}.",
      "An officer pulled a headscarf off my sister when she would not give her name. She would have given it, had she understood what was asked.",
    ],
    more: [
      "The doctor at the walk-in centre wrote down what she saw, and I can send it.",
      "He was in his school uniform.",
      "I asked for the number of the officer and was told to look it up.",
    ],
  },
  {
    subject: "hate crime not recorded",
    happened: [
      "The words painted on our door were recorded as criminal damage. Everybody on {street} can read what they say and why they were put there.",
      "When I reported what was shouted at my wife and me at {spot}, the officer said it was 'probably just banter' and left out the words in the statement.",
    ],
    more: [
      "We have asked {times} times for it to be recorded as what it was.",
      "The council took the paint off within a day. Thank you to the council.",
      "We do not hold hands there any more.",
    ],
  },
  {
    subject: "missing person",
    happened: [
      "When my mother, who has dementia, went missing, I was told to ring back after a day. She was found by a postman.",
      "I reported my friend missing from {street}. The description that went out had the wrong height, the wrong coat and the wrong year of birth.",
    ],
    more: [
      "She was cold but unhurt, and for that I am thankful.",
      "I offered a photograph from the same morning.",
      "The form that I filled in with the officer had it all right.",
    ],
  },
];
