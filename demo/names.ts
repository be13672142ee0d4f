/**
 * Invented names of many origins, as a British city has them. Given and family names are drawn from the same row,
 * mostly.
 */
type Origin = { readonly share: number; readonly given: readonly string[]; readonly family: readonly string[] };

const words = (text: string): readonly string[] => text.split(" ");

export const ORIGINS: readonly Origin[] = [
  {
    share: 30,
    given: words(
      "Alison Barbara Carol Daphne Eleanor Frances Gillian Hazel Irene Judith Lorraine Maureen Nigel Percy Roland Stanley Trevor Vernon Wilfred Clive Duncan Edwin Felix Graham Hugh Jasmine Kayleigh Lewis Maisie Poppy Tyler Callum",
    ),
    family: words(
      "Ackerley Bramwell Cattermole Dunnock Eastcott Fothergill Garside Hebblethwaite Inskip Jessop Kettlewell Lumley Micklethwaite Nettleship Ollerenshaw Pinchbeck Quarmby Rushworth Sowerby Thistlewood Umpleby Varley Wigglesworth Yarborough",
    ),
  },
  {
    share: 8,
    given: words("Angharad Bethan Carys Dilys Elwyn Ffion Gethin Hywel Idris Llinos Meirion Nia Rhodri Siân Tegwen"),
    family: words("Bowen Cadwallader Gwilym Heddwyn Llewellyn Meredith Parry Prosser Rhydderch Trahaearn Vaughan-Rees"),
  },
  {
    share: 8,
    given: words("Aileen Catriona Euan Fergus Greer Hamish Isla Kirsty Lorna Morag Ruaridh Shona Torquil"),
    family: words(
      "Abercairn Balgarvie Cruickshank Drummond-Hay Farquharson Galbraith Innes Kinloch MacQuarrie Ogilvy Strachan Urquhart",
    ),
  },
  {
    share: 8,
    given: words(
      "Aoife Brendan Caoimhe Declan Eithne Fionnuala Gráinne Kieran Majella Niall Oisín Róisín Siobhán Tadhg",
    ),
    family: words(
      "Brannigan Coughlan Devlin Fennelly Geraghty Hanratty Kilbride Loughnane McGonigle Ní-Bhriain O'Shaughnessy Rafferty",
    ),
  },
  {
    share: 9,
    given: words(
      "Agnieszka Bartosz Czesława Dorota Grzegorz Halina Jadwiga Kazimierz Łukasz Małgorzata Paweł Zbigniew",
    ),
    family: words(
      "Błaszczyk Cieślak Dąbek Gołębiewska Jabłoński Krawczyk Ostrowska Pietrzak Szczepaniak Wójcik Żurawski",
    ),
  },
  {
    share: 12,
    given: words(
      "Adeel Bushra Farooq Ghazala Hamza Iram Kashif Lubna Mudassar Nasreen Rukhsana Shazia Tahir Uzma Waseem Yasmeen",
    ),
    family: words(
      "Akhtar Bashir Chaudhry Durrani Ghaffar Hussain-Raja Jamil Lodhi Mirza Niazi Qureshi Siddiq Warraich",
    ),
  },
  {
    share: 8,
    given: words(
      "Amarjit Baljinder Daljeet Gurdip Harbhajan Jaswinder Kuldip Manpreet Navdeep Parminder Ranjit Sukhdev",
    ),
    family: words("Aujla Bhogal Chahal Dosanjh Grewal Hothi Kalsi Mangat Nijjar Purewal Sandhu-Gill Thandi"),
  },
  {
    share: 7,
    given: words("Anjali Bhavesh Chetan Deepika Hemant Jyoti Kirit Manisha Nilesh Pooja Rekha Sunil"),
    family: words("Amin Bhatt Chauhan Desai Joshi Kotecha Limbachia Modha Raichura Solanki Thakrar Vyas"),
  },
  {
    share: 6,
    given: words("Afsana Belal Farzana Habib Jahanara Kamrul Momtaz Nazrul Rokeya Shafiqul Taslima"),
    family: words("Ahad Begum-Miah Choudhury Haque Islam-Khatun Mozumder Rahman-Ali Sarkar Talukder Uddin"),
  },
  {
    share: 9,
    given: words(
      "Abimbola Chukwuemeka Ebele Folasade Ifeanyi Kehinde Ngozi Obinna Temitope Yetunde Kwabena Akosua Efua Kojo",
    ),
    family: words(
      "Adebayo-Cole Agyapong Akintola Boateng-Mills Danquah Ezeani Nwachukwu Ogundipe Okafor-Reeve Sarpong Uzoma",
    ),
  },
  {
    share: 7,
    given: words("Althea Carlton Delroy Errol Glenroy Hyacinth Joycelyn Leroy Marva Neville Paulette Winston"),
    family: words("Bogle Campbell-Grant Dacosta Facey Gayle-Hutton Laidley Pinnock Samuels-Ford Trench Wedderburn"),
  },
  {
    share: 5,
    given: words("Abdirahman Ayaan Faduma Hodan Ifrah Khadra Liban Mahad Nimco Sagal Yusuf Zamzam"),
    family: words("Abokor Dahir Elmi Farah-Guled Hersi Jama Mohamud Nur Samatar Warsame"),
  },
  {
    share: 5,
    given: words("Chi-Wai Fong Ka-Ming Lai-Ying Mei-Lan Siu-Fai Thi-Hoa Tuan Wing-Yan Xiuying"),
    family: words("Cheung Fung Kwok Leung Mak Nguyen Phan Tsang Yip Zhou"),
  },
  {
    share: 5,
    given: words("Ancuța Bogdan Costel Dragoș Gheorghe Ileana Mihaela Olena Oksana Taras Viorica Yaroslav"),
    family: words("Bondarchuk Ciobanu Dumitrescu Havrylenko Ionescu Kovalchuk Munteanu Petrenko Rusu Shevchuk"),
  },
  {
    share: 4,
    given: words("Ayşe Cem Demetra Elif Giorgos Hülya Kyriakos Marios Nevin Panayiota Serkan"),
    family: words("Çelik Demirtaş Georgiou Hadjicosti Kaplan Öztürk Pavlou Savvides Theodorou Yıldız"),
  },
  {
    share: 5,
    given: words("Amal Bassam Dunya Farid Ghassan Hanan Jalal Lamia Mazen Noor Salwa Zaynab"),
    family: words("Al-Hariri Barzani-Cole Darwish El-Khoury Haddad Jabbour Kassab Nasser-Lowe Qabbani Sabbagh"),
  },
  {
    share: 3,
    given: words("Avital Benjamin Devorah Ezra Miriam Naomi Reuben Shoshana Yosef"),
    family: words("Abelson Blumenau Feingold Hirschel Lipschutz Mendelow Rosenfeld Sternlicht"),
  },
];
